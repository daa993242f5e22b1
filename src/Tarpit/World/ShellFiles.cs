namespace Blackwall.Tarpit.World;

/// <summary>Files that shells run when they begin and end, for the machine and in homes.</summary>
internal static class ShellFiles
{
    public const string SystemProfile = """
        # /etc/profile: settings of the whole system for login shells.

        if [ "${PS1-}" ]; then
          if [ "${BASH-}" ] && [ "$BASH" != "/bin/sh" ]; then
            # The prompt is set in the file of bash.
            if [ -f /etc/bash.bashrc ]; then
              . /etc/bash.bashrc
            fi
          elif [ "$(id -u)" -eq 0 ]; then
            PS1='# '
          else
            PS1='$ '
          fi
        fi

        """;

    public const string SystemBashrc = """
        # Settings of the whole system for interactive bash(1) shells.

        [ -z "$PS1" ] && return

        shopt -s checkwinsize

        if [ -z "${debian_chroot:-}" ] && [ -r /etc/debian_chroot ]; then
            debian_chroot=$(cat /etc/debian_chroot)
        fi

        PS1='${debian_chroot:+($debian_chroot)}\u@\h:\w\$ '

        """;

    public const string Logout = """
        # ~/.bash_logout: run when a login shell ends.

        if [ "$SHLVL" = 1 ]; then
            [ -x /usr/bin/clear_console ] && /usr/bin/clear_console -q
        fi

        """;

    // Where terminals with colours begin to be known as such differs between root and others.
    public static string Bashrc(bool isRoot) => $$"""
        # ~/.bashrc: run by bash(1) for interactive shells.

        case $- in
            *i*) ;;
              *) return;;
        esac

        HISTCONTROL=ignoreboth
        shopt -s histappend
        HISTSIZE=1000
        HISTFILESIZE=2000
        shopt -s checkwinsize

        if [ -z "${debian_chroot:-}" ] && [ -r /etc/debian_chroot ]; then
            debian_chroot=$(cat /etc/debian_chroot)
        fi

        case "$TERM" in
            {{(isRoot ? "xterm-color" : "xterm-color|*-256color")}}) color_prompt=yes;;
        esac

        if [ "$color_prompt" = yes ]; then
            PS1='${debian_chroot:+($debian_chroot)}\[\033[01;32m\]\u@\h\[\033[00m\]:\[\033[01;34m\]\w\[\033[00m\]\$ '
        else
            PS1='${debian_chroot:+($debian_chroot)}\u@\h:\w\$ '
        fi
        unset color_prompt

        case "$TERM" in
        xterm*|rxvt*)
            PS1="\[\e]0;${debian_chroot:+($debian_chroot)}\u@\h: \w\a\]$PS1"
            ;;
        *)
            ;;
        esac

        if [ -x /usr/bin/dircolors ]; then
            test -r ~/.dircolors && eval "$(dircolors -b ~/.dircolors)" || eval "$(dircolors -b)"
            alias ls='ls --color=auto'
            alias grep='grep --color=auto'
            alias fgrep='fgrep --color=auto'
            alias egrep='egrep --color=auto'
        fi

        alias ll='ls -alF'
        alias la='ls -A'
        alias l='ls -CF'

        if [ -f ~/.bash_aliases ]; then
            . ~/.bash_aliases
        fi

        """;

    public static string Profile(bool isRoot) => $$"""
        # ~/.profile: run by login shells.

        if [ -n "$BASH_VERSION" ]; then
            if [ -f "$HOME/.bashrc" ]; then
                . "$HOME/.bashrc"
            fi
        fi

        {{(isRoot ? "mesg n 2> /dev/null || true" : "if [ -d \"$HOME/bin\" ] ; then\n    PATH=\"$HOME/bin:$PATH\"\nfi\n\nif [ -d \"$HOME/.local/bin\" ] ; then\n    PATH=\"$HOME/.local/bin:$PATH\"\nfi")}}

        """;
}
