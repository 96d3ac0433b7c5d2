package main

import (
	"errors"
	"flag"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/adrg/xdg"

	"github.com/deskbell/deskbell/ui"
)

func TestParse(t *testing.T) {
	environment := map[string]string{"DESKBELL_HUB": "env.example", "DESKBELL_USER": "eva"}
	tests := []struct {
		name string
		args []string
		env  map[string]string
		want options
	}{
		{"nothing", nil, nil, options{}},
		{"environment", nil, environment, options{start: ui.Start{Hub: "env.example", User: "eva"}}},
		{
			"flags win", []string{"--hub", "flag.example", "--hidden"}, environment,
			options{start: ui.Start{Hub: "flag.example", User: "eva", Hidden: true}},
		},
		{
			"password", []string{"--hub=h", "--user=u", "--password-stdin"}, nil,
			options{start: ui.Start{Hub: "h", User: "u"}, passwordStdin: true},
		},
		{"version", []string{"--version"}, nil, options{version: true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := parse(test.args, func(name string) string { return test.env[name] })
			if err != nil || got != test.want {
				t.Errorf("got %+v, %v; want %+v", got, err, test.want)
			}
		})
	}
}

func TestParseMistakes(t *testing.T) {
	none := func(string) string { return "" }
	for _, args := range [][]string{
		{"--password", "secret"}, // a password has no place among the arguments
		{"--password-stdin"},
		{"--password-stdin", "--hub", "h"},
		{"start"},
		{"--hidden=maybe"},
	} {
		if _, err := parse(args, none); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
	if _, err := parse([]string{"-h"}, none); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h gives %v", err)
	}
}

func TestReadPassword(t *testing.T) {
	longest := strings.Repeat("p", maxPassword)
	tests := []struct {
		name, input, want string
		fails             bool
	}{
		{name: "line", input: "secret\nmore\n", want: "secret"},
		{name: "no end of line", input: "secret", want: "secret"},
		{name: "Windows", input: "secret\r\n", want: "secret"},
		{name: "spaces belong to it", input: " secret \n", want: " secret "},
		{name: "longest", input: longest + "\n", want: longest},
		{name: "nothing", input: "", fails: true},
		{name: "empty line", input: "\nsecret\n", fails: true},
		{name: "too long", input: longest + "p\n", fails: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := readPassword(strings.NewReader(test.input))
			if got != test.want || (err != nil) != test.fails {
				t.Errorf("got %q, %v", got, err)
			}
			if err != nil && test.input != "" && strings.Contains(err.Error(), "ppp") {
				t.Errorf("the error holds the password: %v", err)
			}
		})
	}
}

func TestToolkitLogKnowsThatThereIsNoWindow(t *testing.T) {
	tests := map[string]bool{
		"Fyne error:  failed to initialise GLFW": true,
		"Fyne error:  window creation error":     true,
		"Fyne error:  Preferences load error:":   false,
		"  Cause: EOF":                           false,
	}
	for line, want := range tests {
		var told error
		l := toolkitLog{logger: slog.New(slog.DiscardHandler), fatal: func(err error) { told = err }}
		if _, err := l.Write([]byte(line + "\n")); err != nil {
			t.Fatal(err)
		}
		if (told != nil) != want {
			t.Errorf("%q: told %v, want told: %v", line, told, want)
		}
	}
}

// TestLogLevel: the file holds what the level says, from the moment it says so.
func TestLogLevel(t *testing.T) {
	t.Cleanup(xdg.Reload)
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	xdg.Reload()
	flags, output := log.Flags(), log.Writer()
	t.Cleanup(func() { log.SetFlags(flags); log.SetOutput(output) })
	logger, level, path, closeLog, err := openLog()
	if err != nil {
		t.Fatal(err)
	}
	logger.Debug("one")
	level.Set(slog.LevelDebug)
	logger.Debug("two")
	level.Set(slog.LevelInfo)
	logger.Debug("three")
	logger.Info("four")
	closeLog()
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]bool{"one": false, "two": true, "three": false, "four": true} {
		if got := strings.Contains(string(written), "msg="+word); got != want {
			t.Errorf("%q is in the log: %v, want %v:\n%s", word, got, want, written)
		}
	}
}

func TestIconFile(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "cache")
	t.Cleanup(xdg.Reload) // runs after the environment is restored
	t.Setenv("XDG_CACHE_HOME", cache)
	xdg.Reload()
	logger := slog.New(slog.DiscardHandler)
	path := iconFile(logger)
	icon, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(icon), "\x89PNG") {
		t.Fatalf("%q is no picture: %v", path, err)
	}
	if again := iconFile(logger); again != path {
		t.Errorf("the second time it is %q", again)
	}
	if err := os.RemoveAll(cache); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(cache, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if path := iconFile(logger); path != "" {
		t.Errorf("got %q where nothing can be written", path)
	}
}
