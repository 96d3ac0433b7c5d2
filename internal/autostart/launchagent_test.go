package autostart_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/autostart"
)

func TestLaunchAgent(t *testing.T) {
	const bell = "/Applications/Deskbell & <Co>.app/Contents/MacOS/deskbell"
	folder := filepath.Join(t.TempDir(), "Library", "LaunchAgents")
	path := filepath.Join(folder, appID+".plist")
	here, err := autostart.NewLaunchAgent(app(bell), folder)
	if err != nil {
		t.Fatal(err)
	}
	moved, err := autostart.NewLaunchAgent(app("/Users/maria/Deskbell.app/Contents/MacOS/deskbell"), folder)
	if err != nil {
		t.Fatal(err)
	}

	expect(t, here, false)
	change(t, here, false)
	change(t, here, true)
	expect(t, moved, false)
	change(t, moved, true)
	expect(t, here, false)
	change(t, here, true)
	change(t, here, false)
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file is there: %v", err)
	}
}

func expect(t *testing.T, a *autostart.Autostart, want bool) {
	t.Helper()
	if on, err := a.Enabled(); on != want || err != nil {
		t.Errorf("Enabled: %v, %v; want %v", on, err, want)
	}
}

func change(t *testing.T, a *autostart.Autostart, on bool) {
	t.Helper()
	if err := a.Set(on); err != nil {
		t.Fatal(err)
	}
	expect(t, a, on)
}

func TestEditedLaunchAgent(t *testing.T) {
	const bell = "/Applications/Deskbell.app/Contents/MacOS/deskbell"
	plist := func(body string) string {
		return `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">` +
			`<plist version="1.0"><dict>` + body + `</dict></plist>`
	}
	const command = "<key>ProgramArguments</key><array><string>" + bell + "</string></array>"
	const load = "<key>RunAtLoad</key><true/>"
	for _, tt := range []struct {
		name, content string
		want          bool
	}{
		{"short", plist(command + load), true},
		{"comment and other keys", plist("<!-- mine --><key>StartInterval</key><integer>5</integer>" +
			"<key>EnvironmentVariables</key><dict><key>RunAtLoad</key><false/></dict>" + command + load), true},
		{"Program", plist("<key>Program</key><string>" + bell + "</string>" + load), true},
		{"behind open", plist("<key>ProgramArguments</key><array><string>/usr/bin/open</string><string>-a</string><string>" + bell + "</string></array>" + load), true},
		{"enabled", plist(command + load + "<key>Disabled</key><false/>"), true},

		{"disabled", plist(command + load + "<key>Disabled</key><true/>"), false},
		{"not at load", plist(command + "<key>RunAtLoad</key><false/>"), false},
		{"never", plist(command), false},
		{"another program", plist(strings.ReplaceAll(command, "Deskbell", "Other") + load), false},
		{"no program", plist(load), false},
		{"program is a number", plist("<key>ProgramArguments</key><array><integer>1</integer></array>" + load), false},
		{"arguments are a text", plist("<key>ProgramArguments</key><string>" + bell + "</string>" + load), false},
		{"keys without values", plist("<key>Program</key>"), false},
		{"an array", "<plist><array>" + load + "</array></plist>", false},
		{"cut off", plist(command + load)[:250], false},
		{"deep", "<plist>" + strings.Repeat("<array>", 5_000), false},
		{"empty", "", false},
		{"not XML", "{ RunAtLoad = 1; }", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, appID+".plist")
			if err := os.WriteFile(path, []byte(tt.content), 0o644); err != nil {
				t.Fatal(err)
			}
			a, err := autostart.NewLaunchAgent(app(bell), folder)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, a, tt.want)
			change(t, a, true)
			content, err := os.ReadFile(path)
			if kept := string(content) == tt.content; err != nil || kept != tt.want {
				t.Errorf("after Set(true) the file is kept: %v, want %v (%v)", kept, tt.want, err)
			}
		})
	}
}

// Xcode writes them, and they would start the program: false would be a lie.
func TestBinaryLaunchAgent(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, appID+".plist"), []byte("bplist00\xd1"), 0o644); err != nil {
		t.Fatal(err)
	}
	a, err := autostart.NewLaunchAgent(app("/deskbell"), folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Enabled(); err == nil || !strings.Contains(err.Error(), "plutil -convert xml1") {
		t.Errorf("Enabled: %v", err)
	}
	change(t, a, true)
}
