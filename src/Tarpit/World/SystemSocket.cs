namespace Blackwall.Tarpit.World;

/// <summary>A socket.</summary>
/// <param name="Protocol">"tcp" or "udp".</param>
/// <param name="State">As ss writes it.</param>
/// <param name="Local">Address and port.</param>
/// <param name="Peer">Address and port; "0.0.0.0:*": nobody yet.</param>
/// <param name="Program">Name of the program that has it.</param>
internal sealed record SystemSocket(string Protocol, string State, string Local, string Peer, int Process, string Program)
{
    /// <summary>How many connections may wait there (Send-Q of a listener).</summary>
    public int Backlog { get; init; } = Program switch { "sshd" or "systemd-resolved" => 4096, "apache2" or "redis-server" => 511, "mysqld" => 151, "named" => 10, "master" => 100, "vsftpd" => 32, "smbd" => 50, "xrdp" => 2, "python3" => 2048, _ => 128 };

    /// <summary>Its number among what its process has open.</summary>
    public int Descriptor { get; init; } = 3;

    public int Inode => 18_000 + (Process * 7) + Descriptor;

    public int Port => int.TryParse(Local[(Local.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture, out int port) ? port : 0;
}
