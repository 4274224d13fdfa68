from api.blueprint import Blueprint

blp = Blueprint("challenges", __name__)
