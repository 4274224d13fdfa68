print('what is it?', flush=True)
