from api.blueprint import Blueprint

blp = Blueprint("accounts", __name__)
