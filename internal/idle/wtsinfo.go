package idle

import "encoding/binary"

// WTSINFOEXW of Windows: a level, and aligned to 8 bytes the structure of level
// 1, which begins with the session's id, its connection and its flags.
const (
	wtsLevelAt      = 0
	wtsConnectionAt = 12
	wtsFlagsAt      = 16
	wtsSize         = 20 // of what is read here

	wtsDisconnected = 4
	wtsLocked       = 0
	wtsUnlocked     = 1
)

// lockOf reads the state of the screen from a WTSINFOEXW. Somebody else may sit
// at a session that is disconnected, or nobody: its screen is not seen.
func lockOf(info []byte) State {
	if len(info) < wtsSize {
		return Unknown
	}
	at := func(offset int) uint32 { return binary.LittleEndian.Uint32(info[offset:]) }
	switch {
	case at(wtsLevelAt) != 1:
		return Unknown
	case at(wtsConnectionAt) == wtsDisconnected, at(wtsFlagsAt) == wtsLocked:
		return Locked
	case at(wtsFlagsAt) == wtsUnlocked:
		return Unlocked
	}
	return Unknown
}
