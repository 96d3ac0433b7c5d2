package ring

var (
	NewLoop = newLoop
	Gain    = gain
)
