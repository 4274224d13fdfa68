from api.blueprint import Blueprint

blp = Blueprint("catalogue", __name__)
