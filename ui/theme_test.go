package ui_test

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/deskbell/deskbell/ui"
)

// TestThemeCanBeRead checks the contrast of each text with what it stands on,
// after the Web Content Accessibility Guidelines 2.2, criterion 1.4.3.
func TestThemeCanBeRead(t *testing.T) {
	pairs := []struct{ ink, ground fyne.ThemeColorName }{
		{theme.ColorNameForeground, theme.ColorNameBackground},
		{theme.ColorNameForeground, ui.ColorPanel},
		{theme.ColorNameForeground, ui.ColorAlert},
		{theme.ColorNameForeground, ui.ColorCaution},
		{theme.ColorNameForeground, ui.ColorTint},
		{theme.ColorNameForeground, theme.ColorNameButton},
		{ui.ColorMuted, theme.ColorNameBackground},
		{ui.ColorMuted, ui.ColorPanel},
		{ui.ColorMuted, ui.ColorTint},
		{theme.ColorNamePrimary, ui.ColorTint},
		{theme.ColorNameError, ui.ColorPanel},
		{theme.ColorNameError, ui.ColorAlert},
		{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
		{theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess},
		{theme.ColorNameForegroundOnError, theme.ColorNameError},
		{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning},
		{theme.ColorNamePlaceHolder, theme.ColorNameInputBackground},
	}
	variants := map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark}
	for name, variant := range variants {
		for _, pair := range pairs {
			ink, ground := ui.Theme{}.Color(pair.ink, variant), ui.Theme{}.Color(pair.ground, variant)
			if got := contrast(ink, ground); got < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want 4.5", name, pair.ink, pair.ground, got)
			}
		}
	}
}

func TestThemeHasBothVariantsOfOurColors(t *testing.T) {
	for _, name := range ui.OurColors {
		light, dark := ui.Theme{}.Color(name, theme.VariantLight), ui.Theme{}.Color(name, theme.VariantDark)
		if light == color.Transparent || dark == color.Transparent || light == dark {
			t.Errorf("%s is %v in light and %v in dark", name, light, dark)
		}
	}
}

func contrast(a, b color.Color) float64 {
	high, low := luminance(a), luminance(b)
	if high < low {
		high, low = low, high
	}
	return (high + 0.05) / (low + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
