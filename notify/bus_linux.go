package notify

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names of the Desktop Notifications specification 1.2.
const (
	serviceName  = "org.freedesktop.Notifications"
	servicePath  = dbus.ObjectPath("/org/freedesktop/Notifications")
	serviceIface = "org.freedesktop.Notifications"

	signalAction = serviceIface + ".ActionInvoked"
	signalClosed = serviceIface + ".NotificationClosed"
	signalOwner  = "org.freedesktop.DBus.NameOwnerChanged"
)

const (
	busWait    = 3 * time.Second // for every call to D-Bus
	maxSignals = 256             // signals that wait to be read
)

// bus is a connection of our own to the session bus, and what it says of the
// notification service. All but the signal handler runs on one goroutine.
type bus struct {
	ctx     context.Context // of the surface; ends what only asks
	conn    *dbus.Conn
	signals chan *dbus.Signal
	service
}

// service is the program that owns the name of the notification service.
type service struct {
	owner   string // its unique name on the bus, empty while there is none
	name    string // what it calls itself
	actions bool   // it draws buttons
	markup  bool   // it reads markup in the body
}

// dialBus connects to the session bus and subscribes to the service's signals.
// It never starts a bus: no notification service would be on that.
func dialBus(ctx context.Context, log *slog.Logger) (*bus, error) {
	signals := make(chan *dbus.Signal, maxSignals)
	// Ending its context closes the connection, which is what interrupts a
	// handshake that hangs. It must outlive ctx: withdrawing comes after that.
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	timeout := time.AfterFunc(busWait, cancel)
	conn, err := dbus.SessionBusPrivateNoAutoStartup(
		dbus.WithContext(life),
		dbus.WithSignalHandler(&signalQueue{signals: signals, log: log}),
	)
	if err != nil {
		timeout.Stop()
		cancel()
		return nil, err
	}
	b := &bus{ctx: ctx, conn: conn, signals: signals}
	err = b.handshake()
	if !timeout.Stop() && err == nil {
		err = context.DeadlineExceeded
	}
	if err == nil {
		err = b.subscribe()
	}
	if err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bus) handshake() error {
	if err := b.conn.Auth(nil); err != nil {
		return err
	}
	return b.conn.Hello()
}

func (b *bus) subscribe() error {
	ctx, cancel := context.WithTimeout(b.ctx, busWait)
	defer cancel()
	return errors.Join(
		b.conn.AddMatchSignalContext(ctx,
			dbus.WithMatchSender(serviceName),
			dbus.WithMatchObjectPath(servicePath),
			dbus.WithMatchInterface(serviceIface)),
		b.conn.AddMatchSignalContext(ctx,
			dbus.WithMatchSender("org.freedesktop.DBus"),
			dbus.WithMatchMember("NameOwnerChanged"),
			dbus.WithMatchArg(0, serviceName)),
	)
}

// lost is closed when the connection is.
func (b *bus) lost() <-chan struct{} { return b.conn.Context().Done() }

func (b *bus) close() {
	// The error is that of a socket we are done with.
	_ = b.conn.Close()
}

// greet asks the service who it is and what it can do, which starts it if the
// system knows how to.
func (b *bus) greet() error {
	var capabilities []string
	if err := b.call(serviceIface+".GetCapabilities", []any{&capabilities}); err != nil {
		return err
	}
	var name, vendor, version, spec string
	if err := b.call(serviceIface+".GetServerInformation", []any{&name, &vendor, &version, &spec}); err != nil {
		return err
	}
	owner, err := b.currentOwner()
	if err != nil {
		return err
	}
	b.service = service{owner: owner, name: name}
	for _, c := range capabilities {
		switch c {
		case "actions":
			b.actions = true
		case "body-markup":
			b.markup = true
		}
	}
	return nil
}

// currentOwner returns the unique name of the program that is the service now.
func (b *bus) currentOwner() (owner string, err error) {
	err = b.ask(b.conn.BusObject(), "org.freedesktop.DBus.GetNameOwner", []any{&owner}, serviceName)
	return owner, err
}

// call asks the service.
func (b *bus) call(method string, reply []any, args ...any) error {
	return b.ask(b.conn.Object(serviceName, servicePath), method, reply, args...)
}

// ask calls a method that changes nothing and stores its reply.
func (b *bus) ask(o dbus.BusObject, method string, reply []any, args ...any) error {
	ctx, cancel := context.WithTimeout(b.ctx, busWait)
	defer cancel()
	return o.CallWithContext(ctx, method, 0, args...).Store(reply...)
}

// shower is the program that greet found. What goes on the screen is addressed
// to it and not to whoever owns the name now: its ids are the ones we keep.
func (b *bus) shower() dbus.BusObject { return b.conn.Object(b.owner, servicePath) }

// notify sends a notification and waits for its id. When the service is slow it
// returns context.DeadlineExceeded and late, where the reply arrives if it ever
// does: a notification whose id nobody took could not be taken back.
func (b *bus) notify(m message, replaces uint32) (id uint32, late <-chan *dbus.Call, err error) {
	sent := b.shower().Go(serviceIface+".Notify", 0, make(chan *dbus.Call, 1), m.arguments(replaces)...)
	timeout := time.NewTimer(busWait)
	defer timeout.Stop()
	select {
	case reply := <-sent.Done:
		err = reply.Store(&id)
		return id, nil, err
	case <-timeout.C:
		return 0, sent.Done, context.DeadlineExceeded
	}
}

// post sends a notification that nobody will change or take back.
func (b *bus) post(m message, replaces uint32) {
	b.shower().Go(serviceIface+".Notify", dbus.FlagNoReplyExpected, nil, m.arguments(replaces)...)
}

// takeBack closes a notification. The reply would tell only that it was closed
// already.
func (b *bus) takeBack(id uint32) {
	b.shower().Go(serviceIface+".CloseNotification", dbus.FlagNoReplyExpected, nil, id)
}

// flush waits until the bus has taken what was sent: it reads in order.
func (b *bus) flush() error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), busWait)
	defer cancel()
	var id string
	return b.conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetId", 0).Store(&id)
}

// signalQueue keeps the order of signals, which godbus' own handler does not
// when its channel is full, and is bounded.
type signalQueue struct {
	signals chan *dbus.Signal
	log     *slog.Logger
	dropped atomic.Uint64
}

// DeliverSignal is called by the reader of the connection and never blocks it.
func (q *signalQueue) DeliverSignal(_, _ string, s *dbus.Signal) {
	select {
	case q.signals <- s:
	default:
		q.log.Warn("desktop signal dropped, the queue is full", "dropped", q.dropped.Add(1))
	}
}

// died tells whether an error means that a program ended while it worked on a
// call.
func died(err error) bool {
	var e dbus.Error
	return errors.As(err, &e) && e.Name == "org.freedesktop.DBus.Error.NoReply"
}

// isGone tells whether an error means that nobody serves the name now.
func isGone(err error) bool {
	var e dbus.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Name {
	case "org.freedesktop.DBus.Error.ServiceUnknown",
		"org.freedesktop.DBus.Error.NameHasNoOwner",
		"org.freedesktop.DBus.Error.NoReply":
		return true
	}
	// The bus could not start it.
	return strings.HasPrefix(e.Name, "org.freedesktop.DBus.Error.Spawn.")
}

// errName is the loggable part of an error: what a service says may repeat the
// caller's words.
func errName(err error) string {
	var e dbus.Error
	if errors.As(err, &e) {
		return e.Name
	}
	return err.Error()
}
