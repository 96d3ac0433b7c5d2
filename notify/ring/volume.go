package ring

// gain is the factor for the amplitude at which a tone is heard as loud as
// asked, from 0 to 1. Ears measure by ratios: with the square, half the way is
// 12 dB less, which is heard as a little less than half as loud. What is out of
// range is the nearest that is in it, and what is no number is silent.
func gain(loudness float64) float64 {
	if !(loudness > 0) {
		return 0
	}
	loudness = min(loudness, 1)
	return loudness * loudness
}
