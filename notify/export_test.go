package notify

// What the fuzz targets call directly.
var (
	Words     = words
	PlainText = plainText
	Escape    = escape
)
