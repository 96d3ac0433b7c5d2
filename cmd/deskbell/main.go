// Command deskbell is the tray app of agents: it signs in to a hub, rings for
// video calls and opens the session of those that are accepted.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/lang"

	"github.com/deskbell/deskbell/assets"
	"github.com/deskbell/deskbell/internal/autostart"
	"github.com/deskbell/deskbell/internal/credential"
	"github.com/deskbell/deskbell/internal/idle"
	"github.com/deskbell/deskbell/internal/instance"
	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/notify/ring"
	"github.com/deskbell/deskbell/ui"
)

const (
	appID   = "io.github.deskbell.Deskbell"
	appName = "Deskbell"
)

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

const usage = `Deskbell rings on your desk when a customer calls by video.

Usage: deskbell [--hidden] [--hub URL] [--user NAME] [--password-stdin]

  --hidden          start in the tray, without a window (for autostart)
  --hub URL         the hub's address for the sign-in form   (or DESKBELL_HUB)
  --user NAME       the user for the sign-in form            (or DESKBELL_USER)
  --password-stdin  read the password from standard input, sign in and stay
                    signed in; needs --hub and --user
  --version         print the version
`

// options are what the command line asks for.
type options struct {
	start         ui.Start
	passwordStdin bool
	version       bool
}

func main() {
	o, err := parse(os.Args[1:], os.Getenv)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Print(usage)
	case err != nil:
		fmt.Fprintf(os.Stderr, "deskbell: %v\n\n%s", err, usage)
		os.Exit(exitUsage)
	case o.version:
		fmt.Println("deskbell", version())
	default:
		if err := run(o); err != nil {
			tellFatal(err)
			os.Exit(exitFailed)
		}
	}
}

// parse reads the command line; flags win over the environment.
func parse(args []string, getenv func(string) string) (options, error) {
	var o options
	flags := flag.NewFlagSet("deskbell", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&o.start.Hidden, "hidden", false, "")
	flags.StringVar(&o.start.Hub, "hub", getenv("DESKBELL_HUB"), "")
	flags.StringVar(&o.start.User, "user", getenv("DESKBELL_USER"), "")
	flags.BoolVar(&o.passwordStdin, "password-stdin", false, "")
	flags.BoolVar(&o.version, "version", false, "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("%q is not an option", flags.Arg(0))
	case o.passwordStdin && (o.start.Hub == "" || o.start.User == ""):
		return o, errors.New("--password-stdin needs --hub and --user")
	}
	return o, nil
}

func run(o options) error {
	if err := choosePlatform(); err != nil {
		return err
	}
	if o.passwordStdin {
		password, err := readPassword(os.Stdin)
		if err != nil {
			return err
		}
		o.start.Password = password
	}
	logger, level, logFile, closeLog, err := openLog()
	if err != nil {
		return err
	}
	defer closeLog()

	only, err := instance.Acquire(context.Background(), appID)
	if errors.Is(err, instance.ErrRunning) && o.start.Password == "" {
		return nil // the other one comes to the front
	}
	if err != nil {
		return err
	}
	defer only.Close()
	logger.Info("start", "version", version())
	runApp(o.start, only, logger, level, logFile)
	logger.Info("stop")
	return nil
}

// runApp puts the parts together and runs until the person quits.
func runApp(start ui.Start, only *instance.Instance, logger *slog.Logger, level *slog.LevelVar, logFile string) {
	icon := fyne.NewStaticResource("deskbell.png", assets.AppIcon())
	iconPath := iconFile(logger) // before Fyne, which expects the cache folder to be there
	// A plain go build leaves the metadata empty.
	app.SetMetadata(fyne.AppMetadata{
		ID: appID, Name: appName, Version: version(), Icon: icon,
		Migrations: map[string]bool{"fyneDo": true},
	})
	fyneApp := app.NewWithID(appID)
	fyneApp.SetIcon(icon)
	ringer := ring.New(logger, ring.Speaker)
	defer ringer.Close()

	options := ui.Options{
		App:     fyneApp,
		Desktop: &ui.FyneDesktop{App: fyneApp},
		Hub:     hub{},
		Store:   credential.NewKeyring(credential.Options{}),
		Ringer:  ringer,
		Logger:  logger,
		Locale:  lang.SystemLocale().String(),
		Version: version(),
		LogFile: logFile, LogLevel: level,
		Native: func(emit func(notify.Event)) notify.Surface {
			return notify.NewNative(notify.Options{
				AppID: appID, AppName: appName, IconPath: iconPath, Logger: logger,
			}, emit)
		},
	}
	if start, err := autostart.New(autostart.Options{AppID: appID, AppName: appName, Args: []string{"--hidden"}}); err == nil {
		options.Autostart = start
	} else {
		logger.Info("can't be started at login", "err", err)
	}
	screen := idle.Watch(context.Background(), idle.Options{Logger: logger})
	defer screen.Close()
	options.Screen = screen
	deskbell := ui.New(options)
	go func() {
		for e := range screen.Events() {
			if e.State != idle.Unknown {
				fyne.Do(func() { deskbell.ScreenLocked(e.State == idle.Locked) })
			}
		}
	}()
	go func() {
		for range only.Raised() {
			fyne.Do(deskbell.Raise)
		}
	}()
	deskbell.Begin(start)
	deskbell.Rest()
	fyneApp.Run() // until Quit, SIGINT or SIGTERM
	deskbell.Close()
}

// maxPassword is the longest password that is read, in bytes.
const maxPassword = 1024

// readPassword reads the first line.
func readPassword(from io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(from, maxPassword+2)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("can't read the password from standard input: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	switch {
	case line == "":
		return "", errors.New("there is no password on standard input: write it there, one line")
	case len(line) > maxPassword:
		return "", fmt.Errorf("the password on standard input is longer than %d bytes: is it the right file?", maxPassword)
	}
	return line, nil
}

// version is the module's, as the go command stamps it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
