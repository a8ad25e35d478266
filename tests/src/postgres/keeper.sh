#!/bin/sh
# Runs the throw-away server as long as somebody uses it, then stops it and deletes its data.
# keeper.sh HOME POSTGRES PORT ACCOUNT
home=$1 postgres=$2 port=$3 account=$4
cd "$home" || exit 1
trap '' HUP INT
exec 7>>keeper.lock 8>>users.lock 9>>start.lock
flock -n 7 || exit 0

# The kernel ends the server with this script, however the script ends.
as="setpriv --pdeathsig=INT"
[ "$account" = 0 ] && as="setpriv --reuid=postgres --regid=postgres --init-groups --pdeathsig=INT"
$as "$postgres" -D "$home/data" -c listen_addresses=127.0.0.1 -c port="$port" -c unix_socket_directories="$home/data" \
    -c max_connections=300 -c shared_buffers=1GB -c max_wal_size=8GB -c checkpoint_timeout=15min -c log_min_messages=warning \
    7>&- 8>&- 9>&- >"$home/log" 2>&1 &
server=$!

idle=0
while kill -0 "$server" 2>/dev/null; do
    sleep 2 7>&- 8>&- 9>&-
    if flock -n 8; then flock -u 8 && idle=$((idle + 1)); else idle=0; fi
    [ "$idle" -ge 6 ] || continue
    # Nobody for 12 seconds: with the start locked, nobody can come before the server is gone.
    flock 9
    if flock -n 8; then
        kill -INT "$server"
        wait "$server"
        rm -rf "$home/data" "$home/templates" "$home/port"
        exit 0
    fi
    flock -u 9
    idle=0
done
