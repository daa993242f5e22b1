using System.Net;
using System.Net.Sockets;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Tools;

/// <summary>The OpenSSH clients of somebody who has a password or a key for a server.</summary>
public sealed class SshAccess
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly LabHost _host;
    private readonly string _user;
    private readonly IPAddress _target;
    private readonly IReadOnlyList<string> _environment;
    private readonly IReadOnlyList<string> _options;

    private SshAccess(LabHost host, IPAddress source, IPAddress target, string user, IReadOnlyList<string> environment, IEnumerable<string> options)
    {
        _host = host;
        _environment = environment;
        _user = user;
        _target = target;
        _options = ["-F", "/dev/null", "-o", $"BindAddress={source}", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "NumberOfPasswordPrompts=1", .. options];
    }

    /// <summary>Somebody who knows a password.</summary>
    public static async Task<SshAccess> WithPasswordAsync(LabHost host, RunFolder run, IPAddress source, IPAddress target, string user, string password, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(target);
        string ask = run.File($"ask-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(ask, $"#!/bin/sh\necho '{password}'\n", cancellation);
        File.SetUnixFileMode(ask, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new SshAccess(host, source, target, user, ["env", $"SSH_ASKPASS={ask}", "SSH_ASKPASS_REQUIRE=force"], ["-o", "PreferredAuthentications=password"]);
    }

    /// <summary>Somebody who has a private key.</summary>
    /// <param name="key">File of the key.</param>
    public static SshAccess WithKey(LabHost host, IPAddress source, IPAddress target, string user, string key)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new SshAccess(host, source, target, user, ["env"], ["-o", "PreferredAuthentications=publickey", "-o", "IdentitiesOnly=yes", "-i", key]);
    }

    /// <summary>Runs one command line there, in a connection of its own.</summary>
    public Task<ToolResult> RunAsync(string command, CancellationToken cancellation) =>
        _host.Network.TryAsync([.. _environment, "ssh", .. _options, "-l", _user, $"{_target}", command], s_limit, cancellation);

    /// <summary>Uploads a file with sftp.</summary>
    public async Task<ToolResult> UploadAsync(RunFolder run, string file, string to, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        string batch = run.File($"batch-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(batch, $"put {file} {to}\n", cancellation);

        // "-b" turns password prompts off; the option after it turns them on again.
        return await _host.Network.TryAsync([.. _environment, "sftp", "-o", "BatchMode=no", "-b", batch, .. _options, $"{_user}@{(_target.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{_target}]" : _target)}"], s_limit, cancellation);
    }

    /// <summary>Opens a terminal there.</summary>
    public Task<RemoteTerminal> OpenTerminalAsync(CancellationToken cancellation) =>
        RemoteTerminal.OpenAsync(_host.Network.Inside([.. _environment, "ssh", "-tt", .. _options, "-l", _user, $"{_target}"]), cancellation);
}
