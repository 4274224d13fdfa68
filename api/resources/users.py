from api.blueprint import Blueprint

blp = Blueprint("users", __name__)
