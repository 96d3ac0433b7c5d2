package notify

import "fmt"

// What the fuzz targets call directly.
var (
	Words     = words
	PlainText = plainText
	Escape    = escape
)

// The parts of the native surface of Windows that are no part of Windows.
type (
	Toaster = toaster
	Channel = channel
	Toasts  = toasts
)

const (
	CallToasts   = callToasts
	NoticeToasts = noticeToasts
	MaxToast     = maxToast
)

var (
	NewToasts  = newToasts
	RingToast  = ringToast
	KeepsQuiet = keepsQuiet
	Cause      = cause
)

func NoticeToast(title, text string) string { return noticeToast(notice{title, text}) }

// Press is what Windows does when a toast is pressed.
func (s *toasts) Press(arguments string) { s.press(arguments) }

// ParseActivation returns what a press means, and what it should look like.
func ParseActivation(text string) (kind Kind, call, again string, ok bool) {
	a, ok := parseActivation(text)
	return a.kind, a.call, a.String(), ok
}

func Activation(kind Kind, call string) string { return activation{kind, call}.String() }

// NewPusher returns the Show of a pusher over push.
func NewPusher(push func(appID, xml string) error) func(appID, xml string) error {
	p := pusher{push: push}
	return p.show
}

// HResult is a failure of COM.
type HResult uint32

func (h HResult) Error() string { return fmt.Sprintf("Maria Rossi is not to be logged: %d", uint32(h)) }
func (h HResult) Code() uintptr { return uintptr(h) }
