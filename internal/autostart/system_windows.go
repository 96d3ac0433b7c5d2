package autostart

import (
	"errors"
	"io/fs"

	"golang.org/x/sys/windows/registry"
)

func systemEntry(o Options, p program) (entry, error) {
	if err := absolute(p.path); err != nil {
		return nil, err
	}
	if _, err := commandLine(p); err != nil {
		return nil, err
	}
	return runValue{name: o.AppName, program: p, registry: currentUser{}}, nil
}

// currentUser is HKEY_CURRENT_USER.
type currentUser struct{}

func (currentUser) Text(key, name string) (text string, err error) {
	err = open(key, registry.QUERY_VALUE, func(k registry.Key) error {
		value, kind, err := k.GetStringValue(name)
		if err == nil && kind == registry.EXPAND_SZ {
			value, err = registry.ExpandString(value)
		}
		text = value
		return err
	})
	return text, err
}

func (currentUser) Bytes(key, name string) (data []byte, err error) {
	err = open(key, registry.QUERY_VALUE, func(k registry.Key) (err error) {
		data, _, err = k.GetBinaryValue(name)
		return err
	})
	return data, err
}

func (currentUser) SetText(key, name, text string) error {
	k, _, err := registry.CreateKey(registry.CURRENT_USER, key, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer k.Close()
	return k.SetStringValue(name, text)
}

func (currentUser) Delete(key, name string) error {
	return open(key, registry.SET_VALUE, func(k registry.Key) error { return k.DeleteValue(name) })
}

// open calls do with a key. What is not there and what is of another type are
// the same to us.
func open(key string, access uint32, do func(registry.Key) error) error {
	k, err := registry.OpenKey(registry.CURRENT_USER, key, access)
	if err == nil {
		defer k.Close()
		err = do(k)
	}
	if errors.Is(err, registry.ErrNotExist) || errors.Is(err, registry.ErrUnexpectedType) {
		return fs.ErrNotExist
	}
	return err
}
