print("inspector")
