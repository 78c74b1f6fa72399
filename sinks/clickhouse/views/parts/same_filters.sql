category = {category:String}, category_group = {category_group:String}, client_size = {client_size:String}, market = {market:String}, ai = {ai:String}
