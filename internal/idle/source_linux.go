package idle

import (
	"context"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

const every = 5 * time.Second

// system hears the witnesses on both buses.
func system(ctx context.Context, o Options, tell func(reading)) {
	t := &testimony{tell: tell, said: make(map[string]statement)}
	onSession := []witness{mutter{}}
	for _, s := range screenSavers {
		onSession = append(onSession, s)
	}
	lines := []*line{
		{dial: dbus.SystemBusPrivate, witnesses: []witness{&logind{now: o.Now}}, log: o.Logger.With("bus", "system")},
		// It never starts a bus: nobody would be on that.
		{dial: dbus.SessionBusPrivateNoAutoStartup, witnesses: onSession, log: o.Logger.With("bus", "session")},
	}
	var running sync.WaitGroup
	for _, l := range lines {
		l.testimony, l.opts = t, o
		running.Go(func() { l.run(ctx) })
	}
	running.Wait()
}
