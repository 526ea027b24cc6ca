#!/bin/sh
# Usage: taskkill.exe /F /T /PID PID
# What Windows' program of that name does: ends the process and all that it has started.
set -eu
end() {
  for child in $(pgrep -P "$1"); do
    end "$child"
  done
  kill -9 "$1" 2>/dev/null || :
}
end "$4"
