//go:build !linux

package notify

import (
	"strings"

	"github.com/gen2brain/beeep"
)

// newBeeep returns a surface of the system's plain notices, see [NewPlain].
func newBeeep(o Options, emit func(Event)) Surface {
	o = o.withDefaults()
	beeep.AppName = plainText(o.AppName)
	icon := o.IconPath
	if strings.ContainsAny(icon, "$`'\"“”„<>&") {
		// On Windows the path becomes part of an XML attribute, unescaped.
		icon = ""
	}
	return NewPlain(o, func(title, text string) error {
		return beeep.Notify(title, text, icon)
	}, emit)
}
