package notify

// The answers of SHQueryUserNotificationState that mean that Windows keeps
// notifications off the screen while somebody sits before it. Of the others, 1
// is a locked screen, 5 is none of all this, and 7 is an app of the Store in full
// screen, over which toasts show.
const (
	stateBusy         = 2 // a program in full screen, or presentation settings
	stateGame         = 3 // a game in full screen
	statePresentation = 4
	stateQuiet        = 6 // the first hour after an installation or an upgrade
)

// keepsQuiet tells whether a state means that.
func keepsQuiet(state int32) bool {
	switch state {
	case stateBusy, stateGame, statePresentation, stateQuiet:
		return true
	}
	return false
}
