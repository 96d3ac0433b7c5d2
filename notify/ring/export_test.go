package ring

var NewLoop = newLoop
