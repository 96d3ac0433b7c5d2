//go:build linux

package gauge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// The goals of the hidden app.
const (
	startGoal = 500 * time.Millisecond
	cpuGoal   = 1.0 // percent of one core
	heapGoal  = 30  // MB
)

const (
	// calm is how long after a start nothing is measured.
	calm = 10 * time.Second
	// collected is how long the Go runtime lets a heap be that does not grow.
	collected = 2*time.Minute + calm

	trayWatcher = "org.kde.StatusNotifierWatcher"
)

// cost is what a program used while nothing happened.
type cost struct {
	name    string
	process *desktoptest.Process
	before  time.Duration // of CPU
	said    int           // how much it had printed
	percent float64       // of one core
	all     float64       // MiB of memory
	own     float64
	heap    heap
}

// Idle times starts of the hidden app, and then what it costs beside the bare
// program while nothing happens.
func Idle(ctx context.Context, out io.Writer, o Options, starts int, idle time.Duration) (err error) {
	d, err := newDesk(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.startApp(ctx, true); err != nil { // its token is in the keyring now
		return err
	}
	tray := &sample{name: "start to icon in the tray", goal: startGoal}
	signedIn := &sample{name: "start to ready for calls"}
	for range starts {
		if err := d.timeStart(ctx, tray, signedIn); err != nil {
			return err
		}
	}
	costs, err := d.rest(ctx, idle)
	if err != nil {
		return err
	}
	slow := table(out, tray, signedIn)
	return errors.Join(slow, bill(out, idle, costs))
}

// timeStart starts the app anew.
func (d *desk) timeStart(ctx context.Context, tray, signedIn *sample) error {
	if err := d.app.Stop(ctx); err != nil {
		return err
	}
	bus, err := d.Bus()
	if err != nil {
		return err
	}
	defer bus.Close()
	signals := make(chan *dbus.Signal, 16)
	bus.Signal(signals)
	if err := bus.AddMatchSignal(dbus.WithMatchInterface(trayWatcher), dbus.WithMatchMember("StatusNotifierItemRegistered")); err != nil {
		return fmt.Errorf("follow the tray: %w", err)
	}
	began := time.Now()
	registered := make(chan time.Time, 1)
	go func() {
		for s := range signals {
			if s.Name == trayWatcher+".StatusNotifierItemRegistered" {
				registered <- time.Now()
				return
			}
		}
	}()
	if err := d.startApp(ctx, false); err != nil {
		return err
	}
	signedIn.add(time.Since(began))
	select {
	case at := <-registered:
		tray.add(at.Sub(began))
		return nil
	case <-time.After(patience):
		return errors.New("the tray did not tell of the app's icon")
	}
}

// rest runs the app and the bare program side by side and lets nothing happen.
func (d *desk) rest(ctx context.Context, idle time.Duration) ([]*cost, error) {
	if err := d.app.Stop(ctx); err != nil {
		return nil, err
	}
	if err := d.startApp(ctx, false, gctrace); err != nil {
		return nil, err
	}
	bare, err := d.Launch(desktoptest.Program{Name: "bare", Path: d.options.Bare, Env: []string{gctrace}})
	if err != nil {
		return nil, err
	}
	if err := d.ringOnce(ctx); err != nil {
		return nil, err
	}
	costs := []*cost{{name: "Deskbell, hidden and ready", process: d.app}, {name: "a bare program of the toolkit", process: bare}}
	if err := wait(ctx, calm); err != nil {
		return nil, err
	}
	for _, c := range costs {
		if c.before, err = cpuTime(c.process.Pid()); err != nil {
			return nil, err
		}
		c.said = len(c.process.Output())
	}
	if err := wait(ctx, idle); err != nil {
		return nil, err
	}
	for _, c := range costs {
		used, err := cpuTime(c.process.Pid())
		if err != nil {
			return nil, err
		}
		c.percent = 100 * float64(used-c.before) / float64(idle)
	}
	// The heap is known at a collection, and an idle program has few.
	if err := wait(ctx, collected); err != nil {
		return nil, err
	}
	for _, c := range costs {
		if c.all, c.own, err = resident(c.process.Pid()); err != nil {
			return nil, err
		}
		c.heap = heapOf(c.process.Output()[c.said:])
	}
	return costs, nil
}

// ringOnce has a call come and go, so that what rests has worked before.
func (d *desk) ringOnce(ctx context.Context) error {
	r := &bellRun{desk: d, http: &http.Client{Timeout: patience}}
	if _, err := r.post(ctx); err != nil {
		return err
	}
	if _, err := d.WaitWindow(ctx, popup); err != nil {
		return err
	}
	if _, err := r.webhook(ctx, "?event=ended", r.calls); err != nil {
		return err
	}
	return d.WaitNoWindow(ctx, popup) // it says for some seconds how the call ended
}

// wait lets time pass.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// bill prints what the programs cost; the first of them has goals.
func bill(out io.Writer, idle time.Duration, costs []*cost) (err error) {
	fmt.Fprintf(out, "\n%-32s %10s %12s %12s %13s %13s\n", "idle for "+idle.String(), "CPU", "memory", "its own", "live heap", "most heap")
	for _, c := range costs {
		fmt.Fprintf(out, "%-32s %8.2f %% %8.0f MiB %8.0f MiB %10d MB %10d MB\n", c.name, c.percent, c.all, c.own, c.heap.last, c.heap.most)
	}
	app := costs[0]
	lean, small := app.percent <= cpuGoal, app.heap.collections > 0 && app.heap.most <= heapGoal
	fmt.Fprintf(out, "CPU at most %.0f %% of a core: %s.  Heap at most %d MB: %s.\n", cpuGoal, verdict(lean), heapGoal, verdict(small))
	if !lean || !small {
		err = errors.New("the hidden app costs more than the goal")
	}
	return err
}
