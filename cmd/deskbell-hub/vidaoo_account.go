package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

// onlyHere are the settings that are not changed from a page: they name files of
// this machine, or go with a password that is not typed there.
var onlyHere = []string{vidaoo.SettingBaseURL, vidaoo.SettingCAFile, vidaoo.SettingAuth, vidaoo.SettingEmail}

// Account tells what the hub has to ask Vidaoo with.
func (m *meetings) Account() hub.VidaooAccount {
	a := hub.VidaooAccount{Settings: []string{}}
	settings, err := vidaooSettings(m.cmd)
	if err != nil {
		a.Problem = asSentence(err)
	}
	a.BaseURL = settings.Of(vidaoo.SettingBaseURL)
	for line := range strings.Lines(settings.String()) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), " = "); name != vidaoo.SettingBaseURL {
			a.Settings = append(a.Settings, name+"="+value)
		}
	}
	var unusable error
	if a.Key, unusable = m.keyPlace(); unusable != nil {
		a.Problem = asSentence(unusable)
	}
	return a
}

// keyPlace is where the key is that counts, and why it can't be used if so.
func (m *meetings) keyPlace() (place string, unusable error) {
	m.mu.Lock()
	used := m.client != nil && m.stamp == m.now() && m.config.key.variable
	m.mu.Unlock()
	if used || strings.TrimSpace(os.Getenv(keySecret.variable)) != "" {
		return hub.KeyEnvironment, nil
	}
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" {
		if _, err := os.Stat(filepath.Join(dir, keySecret.credential)); err == nil {
			return hub.KeySystemd, nil
		}
	}
	_, err := keySecret.stored(filepath.Join(m.dir, keySecret.file))
	if errors.Is(err, fs.ErrNotExist) {
		return hub.KeyNowhere, nil
	}
	return hub.KeyStored, err
}

// Connecting makes a client of what an administrator asks for on a page. The key
// that is kept goes to the address that is kept and to no other: who may change
// the address may not read the key by that.
func (m *meetings) Connecting(wanted hub.ConnectChange) (*vidaoo.Client, func() (string, error), error) {
	settings, err := vidaooSettings(m.cmd)
	if err != nil {
		return nil, nil, wrong("settings", err)
	}
	elsewhere, err := differ(settings, wanted)
	if err != nil {
		return nil, nil, err
	}
	place, _ := m.keyPlace()
	c := vidaooConfig{Config: vidaoo.Config{Settings: settings}, key: found{value: vidaoo.Key(strings.TrimSpace(string(wanted.Key)))}}
	typed := c.key.value != ""
	switch {
	case typed:
	case place == hub.KeyNowhere:
		return nil, nil, wrong("key", errors.New("the hub has no API key of Vidaoo yet: generate an API token in Vidaoo (key button, Generate API Token) and give it whole"))
	case elsewhere:
		return nil, nil, wrong("key", errors.New("the key that the hub has is sent to the address that it is good for, and to no other: type the key for the new address"))
	default:
		if _, err := m.current(); err != nil {
			return nil, nil, wrong("key", err)
		}
		c.key, c.password = m.kept()
	}
	if settings.Of(vidaoo.SettingAuth) == vidaoo.AuthLogin {
		if elsewhere {
			return nil, nil, wrong("base_url", errors.New("this hub signs in at Vidaoo with a password: change the address on its machine, with 'deskbell-hub vidaoo connect --base-url'"))
		}
		if c.password, err = passwordSecret.find(m.cmd); err != nil {
			return nil, nil, wrong("key", err)
		}
	}
	if err := vidaoo.CheckKey(c.key.value); err != nil {
		return nil, nil, wrong("key", err)
	}
	c.Key, c.Password = c.key.value, c.password.value
	client, err := vidaoo.NewClient(c.Config)
	if err != nil {
		return nil, nil, wrong("base_url", err)
	}
	return client, func() (string, error) {
		said, err := keep(m.dir, c)
		if before := comesFirst[place]; err == nil && typed && before != "" {
			said += " But the hub goes on with the key in " + before + ", which comes first: put the new one there, or take the old one out."
		}
		return said, err
	}, nil
}

// comesFirst are the places whose key counts before the stored one.
var comesFirst = map[string]string{hub.KeySystemd: "systemd's credentials", hub.KeyEnvironment: keySecret.variable}

// differ has settings be as they are asked for. It tells whether the API is at
// another address then.
func differ(s vidaoo.Settings, wanted hub.ConnectChange) (elsewhere bool, err error) {
	for _, pair := range wanted.Settings {
		name, _, _ := strings.Cut(pair, "=")
		for _, no := range onlyHere {
			if strings.TrimSpace(name) == no {
				return false, wrong("settings", fmt.Errorf("the setting %s is not set here: on the hub's machine, 'deskbell-hub vidaoo connect' does it", no))
			}
		}
		if err := s.Set(pair); err != nil {
			return false, wrong("settings", err)
		}
	}
	address := func(text string) string { return strings.TrimRight(strings.TrimSpace(text), "/") }
	kept, asked := address(s.Of(vidaoo.SettingBaseURL)), address(wanted.BaseURL)
	if asked == "" || asked == kept {
		return false, nil
	}
	if os.Getenv(vidaooURL) != "" { // it comes first: a key would be kept for another address than it is sent to
		return false, wrong("base_url", fmt.Errorf("the address is set by %s in the hub's environment: change it there, or take it out", vidaooURL))
	}
	if err := s.Set(vidaoo.SettingBaseURL + "=" + asked); err != nil {
		return false, wrong("base_url", err)
	}
	return true, nil
}

// wrong refuses a field of what is asked for.
func wrong(field string, err error) error {
	return &call.Error{Code: call.BadRequest, Field: field, Message: asSentence(err)}
}

// asSentence is an error as one.
func asSentence(err error) string {
	text := oneLine(err)
	return strings.ToUpper(text[:1]) + strings.TrimSuffix(text[1:], ".") + "."
}
