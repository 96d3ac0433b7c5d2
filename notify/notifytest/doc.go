// Package notifytest has what tests of ringing calls need: a [Recorder] that
// stands for any surface, and for the native surface of Linux a private
// session [Bus] with a [Daemon] that behaves like a notification service and
// records what it is asked to show.
//
//	bus := notifytest.StartBus(t)
//	daemon := bus.StartDaemon(t, notifytest.Xfce)
//	surface := notify.NewNative(options, emit) // finds the bus in the environment
//	surface.Present(call)
//	shown := daemon.Wait(t, 1)[0]
//	daemon.Invoke(t, shown.ID, "accept")
package notifytest
