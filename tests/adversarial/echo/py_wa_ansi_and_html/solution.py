print("\x1b[2J<script>alert(7)</script>")
