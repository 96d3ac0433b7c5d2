package ui

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// text is words without padding around them. It wraps at the width it has and
// ends with an ellipsis where its lines run out, so a caller with a long name
// or a topic of one endless word can't push a button off the window.
type text struct {
	widget.BaseWidget

	words string
	style textStyle
}

// textStyle is how a text looks. The zero value is one line of plain text.
type textStyle struct {
	size  fyne.ThemeSizeName  // normal text if empty
	color fyne.ThemeColorName // foreground if empty
	bold  bool
	align fyne.TextAlign
	lines int     // at most, with an ellipsis; 0 is 1
	width float32 // where it wraps until it is laid out; 0 for a text of one line
	whole bool    // one line that needs all its width: never cut
}

func newText(words string, style textStyle) *text {
	if style.size == "" {
		style.size = theme.SizeNameText
	}
	if style.color == "" {
		style.color = theme.ColorNameForeground
	}
	style.lines = max(style.lines, 1)
	t := &text{words: words, style: style}
	t.ExtendBaseWidget(t)
	return t
}

// SetText changes the words.
func (t *text) SetText(words string) {
	if t.words == words {
		return
	}
	t.words = words
	t.Refresh()
}

// SetColor changes the colour.
func (t *text) SetColor(name fyne.ThemeColorName) {
	if t.style.color == name {
		return
	}
	t.style.color = name
	t.Refresh()
}

// AccessibilityLabel is the words in full.
func (t *text) AccessibilityLabel() string { return t.words }

// AccessibilityRole is text.
func (t *text) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer is Fyne's way to draw the widget.
func (t *text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{text: t}
	r.wrap(t.Size().Width)
	return r
}

type textRenderer struct {
	text    *text
	wrapped float32 // the width the lines were made for
	lines   []fyne.CanvasObject
}

func (r *textRenderer) Destroy() {}

func (r *textRenderer) Objects() []fyne.CanvasObject { return r.lines }

func (r *textRenderer) Refresh() {
	r.wrap(r.text.Size().Width)
	r.Layout(r.text.Size())
	canvas.Refresh(r.text)
}

func (r *textRenderer) Layout(size fyne.Size) {
	if size.Width != r.wrapped {
		r.wrap(size.Width)
	}
	height := r.lineHeight()
	for i, line := range r.lines {
		line.Move(fyne.NewPos(0, float32(i)*height))
		line.Resize(fyne.NewSize(size.Width, height))
	}
}

func (r *textRenderer) MinSize() fyne.Size {
	style := r.text.style
	width := float32(1)
	if style.whole {
		width = r.measure(r.text.words)
	}
	return fyne.NewSize(width, r.lineHeight()*float32(max(len(r.lines), 1)))
}

// wrap makes the lines for a width.
func (r *textRenderer) wrap(width float32) {
	r.wrapped = width
	style := r.text.style
	if width <= 1 {
		width = style.width
	}
	lines := []string{r.text.words}
	if !style.whole && width > 0 {
		lines = fit(r.text.words, style.lines, width, r.measure)
	}
	colour := r.color()
	r.lines = r.lines[:0]
	for _, words := range lines {
		line := canvas.NewText(words, colour)
		line.TextSize = r.size()
		line.TextStyle = r.fontStyle()
		line.Alignment = style.align
		r.lines = append(r.lines, line)
	}
}

func (r *textRenderer) color() color.Color {
	return theme.ColorForWidget(r.text.style.color, r.text)
}

func (r *textRenderer) size() float32 {
	return theme.SizeForWidget(r.text.style.size, r.text)
}

func (r *textRenderer) fontStyle() fyne.TextStyle {
	return fyne.TextStyle{Bold: r.text.style.bold}
}

func (r *textRenderer) measure(words string) float32 {
	return fyne.MeasureText(words, r.size(), r.fontStyle()).Width
}

func (r *textRenderer) lineHeight() float32 {
	return fyne.MeasureText("Ag", r.size(), r.fontStyle()).Height
}

// fit breaks words into at most max lines that are no wider than width, at
// spaces where it can. What is left over ends with an ellipsis.
func fit(words string, max int, width float32, measure func(string) float32) []string {
	var lines []string
	rest := strings.TrimSpace(words)
	for len(lines) < max-1 && measure(rest) > width {
		head := prefix(rest, width, measure)
		if at := strings.LastIndexByte(head, ' '); at > 0 && !strings.HasPrefix(rest[len(head):], " ") {
			head = head[:at]
		}
		if head == "" {
			break // not even one character fits
		}
		lines = append(lines, strings.TrimRight(head, " "))
		rest = strings.TrimLeft(rest[len(head):], " ")
	}
	if measure(rest) > width {
		rest = strings.TrimRight(prefix(rest, width-measure("…"), measure), " ") + "…"
	}
	return append(lines, rest)
}

// prefix is the longest start of words that is no wider than width.
func prefix(words string, width float32, measure func(string) float32) string {
	starts := make([]int, 0, len(words))
	for i := range words {
		starts = append(starts, i)
	}
	low, high := 0, len(starts)-1
	for low < high {
		mid := (low + high + 1) / 2
		if measure(words[:starts[mid]]) <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	if len(starts) == 0 {
		return ""
	}
	return words[:starts[low]]
}
