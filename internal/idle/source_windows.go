package idle

import (
	"context"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

const every = time.Second

// system reads the session's state and the last input.
func system(ctx context.Context, o Options, tell func(reading)) {
	poll(ctx, o.Every, func() reading {
		r := reading{lock: sessionLock()}
		r.idle, r.idles = sinceLastInput()
		return r
	}, tell)
}

var (
	wtsapi32                    = windows.NewLazySystemDLL("wtsapi32.dll")
	wtsQuerySessionInformationW = wtsapi32.NewProc("WTSQuerySessionInformationW")

	user32           = windows.NewLazySystemDLL("user32.dll")
	getLastInputInfo = user32.NewProc("GetLastInputInfo")
)

const (
	wtsCurrentServer  = 0
	wtsCurrentSession = 0xffffffff
	wtsSessionInfoEx  = 25
)

// sessionLock asks the Remote Desktop Services, which know of the session at
// the desk, too.
func sessionLock() State {
	if wtsQuerySessionInformationW.Find() != nil {
		return Unknown
	}
	var info *byte
	var size uint32
	ok, _, _ := wtsQuerySessionInformationW.Call(wtsCurrentServer, wtsCurrentSession, wtsSessionInfoEx,
		uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)))
	if ok == 0 || info == nil {
		return Unknown
	}
	defer windows.WTSFreeMemory(uintptr(unsafe.Pointer(info)))
	return lockOf(unsafe.Slice(info, size))
}

// lastInput is LASTINPUTINFO.
type lastInput struct {
	size uint32
	tick uint32 // milliseconds since the start of the system, which wrap after 49 days
}

func sinceLastInput() (time.Duration, bool) {
	if getLastInputInfo.Find() != nil {
		return 0, false
	}
	last := lastInput{size: uint32(unsafe.Sizeof(lastInput{}))}
	if ok, _, _ := getLastInputInfo.Call(uintptr(unsafe.Pointer(&last))); ok == 0 {
		return 0, false
	}
	return sinceTick(last.tick, windows.DurationSinceBoot()), true
}
