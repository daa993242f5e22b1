namespace Blackwall.Tarpit.Ssh;

/// <summary>Limits of the SSH server, as sshd_config of the distribution leaves them.</summary>
internal sealed record SshSettings
{
    public TimeSpan LoginGrace { get; init; } = TimeSpan.FromSeconds(120);

    public int MaxAuthTries { get; init; } = 6;

    public int MaxSessions { get; init; } = 10;

    /// <summary>Channels of all kinds in one connection; a real server has no such limit, but memory.</summary>
    public int MaxChannels { get; init; } = 64;

    /// <summary>Without any packet of the peer for so long the connection ends.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether keyboard-interactive is offered beside public key and password.</summary>
    public bool KeyboardInteractive { get; init; }

    /// <summary>How slow PAM is: 1 as a real one, 0 without any delay, for tests.</summary>
    public double DelayScale { get; init; } = 1;
}
