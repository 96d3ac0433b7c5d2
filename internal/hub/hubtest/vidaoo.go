package hubtest

import (
	"cmp"
	"sync"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

// Account is how the hub of a test asks Vidaoo: it keeps the key in memory.
type Account struct {
	BaseURL  string
	Settings vidaoo.Settings // beside the base address; may be nil

	mu  sync.Mutex
	key vidaoo.Key
}

// Account tells whether there is a key.
func (a *Account) Account() hub.VidaooAccount {
	shown := hub.VidaooAccount{Key: hub.KeyNowhere, BaseURL: a.BaseURL, Settings: []string{}}
	if a.Kept() != "" {
		shown.Key = hub.KeyStored
	}
	return shown
}

// Kept is the key that was kept last.
func (a *Account) Kept() vidaoo.Key {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.key
}

// Connecting makes a client of what is asked for.
func (a *Account) Connecting(wanted hub.ConnectChange) (*vidaoo.Client, func() (string, error), error) {
	wrong := func(field string, err error) error {
		return &call.Error{Code: call.BadRequest, Field: field, Message: err.Error()}
	}
	s := vidaoo.Settings{vidaoo.SettingBaseURL: cmp.Or(wanted.BaseURL, a.BaseURL), vidaoo.SettingAttempts: "1"}
	for name, value := range a.Settings {
		s[name] = value
	}
	for _, pair := range wanted.Settings {
		if err := s.Set(pair); err != nil {
			return nil, nil, wrong("settings", err)
		}
	}
	key := cmp.Or(wanted.Key, a.Kept())
	if err := vidaoo.CheckKey(key); err != nil {
		return nil, nil, wrong("key", err)
	}
	client, err := vidaoo.NewClient(vidaoo.Config{Settings: s, Key: key})
	if err != nil {
		return nil, nil, wrong("base_url", err)
	}
	return client, func() (string, error) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.key = key
		return "The key is stored in vidaoo.key, which only the hub's user can read.", nil
	}, nil
}
