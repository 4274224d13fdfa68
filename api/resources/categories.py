from api.blueprint import Blueprint

blp = Blueprint("categories", __name__)
