package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The colours of ours that Fyne has no name for.
const (
	colorPanel   fyne.ThemeColorName = "deskbellPanel"   // a raised surface: cards, the header
	colorBorder  fyne.ThemeColorName = "deskbellBorder"  // the hairline around it
	colorMuted   fyne.ThemeColorName = "deskbellMuted"   // second-rank text
	colorTint    fyne.ThemeColorName = "deskbellTint"    // behind a queue's name
	colorAlert   fyne.ThemeColorName = "deskbellAlert"   // behind a failure's sentence
	colorCaution fyne.ThemeColorName = "deskbellCaution" // behind a warning's sentence
	colorTrack   fyne.ThemeColorName = "deskbellTrack"   // the empty part of the countdown
	colorNone    fyne.ThemeColorName = "deskbellNone"    // no ground at all
)

// The text sizes of ours.
const (
	sizeCaller  fyne.ThemeSizeName = "deskbellCaller"  // who calls, on the pop-up
	sizeTitle   fyne.ThemeSizeName = "deskbellTitle"   // the head of a view or card
	sizeAnswer  fyne.ThemeSizeName = "deskbellAnswer"  // Accept and Decline
	sizeCaption fyne.ThemeSizeName = "deskbellCaption" // labels and hints

	sizeWall     fyne.ThemeSizeName = "deskbellWall"     // a number on the wall
	sizeWallText fyne.ThemeSizeName = "deskbellWallText" // words on the wall
	sizeWallNote fyne.ThemeSizeName = "deskbellWallNote" // what stands below them
)

// palette is one variant of the theme. All text on its ground has a contrast
// of at least 4.5 to 1.
type palette map[fyne.ThemeColorName]color.Color

var light = palette{
	theme.ColorNameBackground:          rgb(0xf5f6f8),
	theme.ColorNameForeground:          rgb(0x1c2430),
	theme.ColorNamePlaceHolder:         rgb(0x5f6a7a),
	theme.ColorNameDisabled:            rgb(0x7a8494),
	theme.ColorNameDisabledButton:      rgb(0xe8ebf0),
	theme.ColorNameButton:              rgb(0xe6e9ef),
	theme.ColorNamePrimary:             rgb(0x2f5bd7),
	theme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	theme.ColorNameHyperlink:           rgb(0x2f5bd7),
	theme.ColorNameFocus:               rgba(0x2f5bd7, 0x48),
	theme.ColorNameSelection:           rgba(0x2f5bd7, 0x40),
	theme.ColorNameSuccess:             rgb(0x17794a),
	theme.ColorNameForegroundOnSuccess: rgb(0xffffff),
	theme.ColorNameError:               rgb(0xb9342c),
	theme.ColorNameForegroundOnError:   rgb(0xffffff),
	theme.ColorNameWarning:             rgb(0x8f5206),
	theme.ColorNameForegroundOnWarning: rgb(0xffffff),
	theme.ColorNameInputBackground:     rgb(0xf0f2f6), // a choice has no border: on a white panel it would not be seen
	theme.ColorNameInputBorder:         rgb(0xc6cdd8),
	theme.ColorNameSeparator:           rgb(0xe0e4ea),
	theme.ColorNameOverlayBackground:   rgb(0xffffff),
	theme.ColorNameMenuBackground:      rgb(0xffffff),
	theme.ColorNameShadow:              rgba(0x1c2430, 0x26),

	colorPanel:   rgb(0xffffff),
	colorBorder:  rgb(0xdde1e8),
	colorMuted:   rgb(0x5a6575),
	colorTint:    rgb(0xe3eafc),
	colorAlert:   rgb(0xfbe9e7),
	colorCaution: rgb(0xfdf1dc),
	colorTrack:   rgb(0xe3e7ed),
}

var dark = palette{
	theme.ColorNameBackground:          rgb(0x14171c),
	theme.ColorNameForeground:          rgb(0xeceff4),
	theme.ColorNamePlaceHolder:         rgb(0x8f9bac),
	theme.ColorNameDisabled:            rgb(0x8792a3),
	theme.ColorNameDisabledButton:      rgb(0x262c36),
	theme.ColorNameButton:              rgb(0x2d3440),
	theme.ColorNamePrimary:             rgb(0x86a5ff),
	theme.ColorNameForegroundOnPrimary: rgb(0x0d1530),
	theme.ColorNameHyperlink:           rgb(0x86a5ff),
	theme.ColorNameFocus:               rgba(0x86a5ff, 0x58),
	theme.ColorNameSelection:           rgba(0x86a5ff, 0x50),
	theme.ColorNameSuccess:             rgb(0x45bd83),
	theme.ColorNameForegroundOnSuccess: rgb(0x06170e),
	theme.ColorNameError:               rgb(0xea6a60),
	theme.ColorNameForegroundOnError:   rgb(0x1c0403),
	theme.ColorNameWarning:             rgb(0xe9b25a),
	theme.ColorNameForegroundOnWarning: rgb(0x231503),
	theme.ColorNameInputBackground:     rgb(0x14171c),
	theme.ColorNameInputBorder:         rgb(0x4d586a),
	theme.ColorNameSeparator:           rgb(0x2b323d),
	theme.ColorNameOverlayBackground:   rgb(0x1d222a),
	theme.ColorNameMenuBackground:      rgb(0x262c36),

	colorPanel:   rgb(0x1d222a),
	colorBorder:  rgb(0x2f3743),
	colorMuted:   rgb(0x9ca8b9),
	colorTint:    rgb(0x26324f),
	colorAlert:   rgb(0x3c2322),
	colorCaution: rgb(0x3a2e19),
	colorTrack:   rgb(0x2f3743),
}

// Look is light, dark, or as the system is.
type Look string

// The looks.
const (
	LookSystem Look = ""
	LookLight  Look = "light"
	LookDark   Look = "dark"
)

// Theme is Fyne's default theme in Deskbell's colours.
type Theme struct{ Look Look }

// variant is the one of the look.
func (t Theme) variant(system fyne.ThemeVariant) fyne.ThemeVariant {
	switch t.Look {
	case LookLight:
		return theme.VariantLight
	case LookDark:
		return theme.VariantDark
	default:
		return system
	}
}

// Color is ours where the palette has it, else Fyne's.
func (t Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	variant = t.variant(variant)
	p := dark
	if variant == theme.VariantLight {
		p = light
	}
	if c, ok := p[name]; ok {
		return c
	}
	if name == colorNone {
		return color.Transparent
	}
	return theme.DefaultTheme().Color(name, variant)
}

// Font is Fyne's.
func (Theme) Font(style fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(style) }

// Icon is Fyne's.
func (Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Size is Fyne's with rounder corners, and the text sizes of ours.
func (Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case sizeCaller:
		return 26
	case sizeTitle:
		return 18
	case sizeAnswer:
		return 16
	case sizeCaption:
		return 12
	case sizeWall:
		return 64
	case sizeWallText:
		return 24
	case sizeWallNote:
		return 18
	case theme.SizeNameButtonRadius, theme.SizeNameInputRadius:
		return 7
	default:
		return theme.DefaultTheme().Size(name)
	}
}

func rgb(hex uint32) color.Color { return rgba(hex, 0xff) }

func rgba(hex uint32, alpha uint8) color.Color {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: alpha}
}
