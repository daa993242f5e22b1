using System.Globalization;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Remote;

/// <summary>ssh(1), telnet(1), ftp(1) and others that log in elsewhere. None connects.</summary>
internal static class LoginClients
{
    private const string SshUsage = "usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface] [-b bind_address]\n           [-c cipher_spec] [-D [bind_address:]port] [-E log_file]\n           [-e escape_char] [-F configfile] [-I pkcs11] [-i identity_file]\n           [-J destination] [-L address] [-l login_name] [-m mac_spec]\n           [-O ctl_cmd] [-o option] [-P tag] [-p port] [-R address]\n           [-S ctl_path] [-W host:port] [-w local_tun[:remote_tun]]\n           destination [command [argument ...]]\n       ssh [-Q query_option]\n";

    private static void Record(Invocation i, string host) => i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments), Host = host });

    public static async ValueTask<int> SshAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "46AaCfGgKkMNnqsTtVvXxYyB:b:c:D:E:e:F:I:i:J:L:l:m:O:o:P:p:Q:R:S:W:w:");
        if (options.Has('V'))
        {
            await i.Streams.Error.WriteAsync("OpenSSH_9.6p1 Ubuntu-3ubuntu13.5, OpenSSL 3.0.13 30 Jan 2024\n", i.Cancellation);
            return 0;
        }

        if (options.Error is { } error)
        {
            await i.Streams.Error.WriteAsync((error.EndsWith("requires an argument", StringComparison.Ordinal) ? $"option requires an argument -- {error[1]}\n" : $"unknown option -- {error[1]}\n") + SshUsage, i.Cancellation);
            return 255;
        }

        if (options.Operands.Count == 0)
        {
            await i.Streams.Error.WriteAsync(SshUsage, i.Cancellation);
            return 255;
        }

        string host = options.Operands[0][(options.Operands[0].LastIndexOf('@') + 1)..];
        Record(i, host);
        string port = options.Value('p') ?? "22";
        if (!Reach.Resolves(i.State, host))
        {
            await i.WaitAsync(Reach.ResolveSeconds);
            await i.Streams.Error.WriteAsync($"ssh: Could not resolve hostname {host.ToLowerInvariant()}: Temporary failure in name resolution\n", i.Cancellation);
            return 255;
        }

        if (Reach.IsOwn(i.State, host))
        {
            bool isOpen = int.TryParse(port, CultureInfo.InvariantCulture, out int number) && Reach.Listener(i.State, number) is not null;
            await i.Streams.Error.WriteAsync(isOpen ? "Host key verification failed.\n" : $"ssh: connect to host {host} port {port}: Connection refused\n", i.Cancellation);
            return 255;
        }

        await i.WaitAsync(options.Values('o').Select(option => option.Split('=', ' ')).FirstOrDefault(option => option[0].Equals("ConnectTimeout", StringComparison.OrdinalIgnoreCase) && option.Length > 1) is { } limit && double.TryParse(limit[^1], CultureInfo.InvariantCulture, out double seconds) ? Math.Clamp(seconds, 0, 10) : 10);
        await i.Streams.Error.WriteAsync($"ssh: connect to host {host} port {port}: Connection timed out\n", i.Cancellation);
        return 255;
    }

    public static async ValueTask<int> TelnetAsync(Invocation i)
    {
        string host = i.OperandsWithout("lne").FirstOrDefault(""), port = i.OperandsWithout("lne").Skip(1).FirstOrDefault("telnet");
        if (host.Length == 0)
        {
            return await SystemCommands.PrintAsync(i, "telnet> ");
        }

        Record(i, host);
        if (!Reach.Resolves(i.State, host))
        {
            await i.WaitAsync(Reach.ResolveSeconds);
            await i.Streams.Error.WriteAsync($"telnet: could not resolve {host}/{port}: Temporary failure in name resolution\n", i.Cancellation);
            return 1;
        }

        string shown = Reach.IsOwn(i.State, host) ? "127.0.0.1" : host;
        await i.PrintAsync($"Trying {shown}...\n");
        bool isRefused = Reach.IsOwn(i.State, host);
        await i.WaitAsync(isRefused ? 0 : 10);
        await i.Streams.Error.WriteAsync($"telnet: Unable to connect to remote host: Connection {(isRefused ? "refused" : "timed out")}\n", i.Cancellation);
        return 1;
    }

    public static async ValueTask<int> FtpAsync(Invocation i)
    {
        string host = i.OperandsWithout("NoPqrstTu").FirstOrDefault("");
        Record(i, host);
        if (host.Length > 0)
        {
            await i.WaitAsync(Reach.Resolves(i.State, host) ? 10 : Reach.ResolveSeconds);
            await i.Streams.Error.WriteAsync(Reach.Resolves(i.State, host) ? $"ftp: Can't connect to `{host}:21': Connection timed out\nftp: Can't connect to `{host}:ftp'\n" : $"ftp: Can't lookup `{host}:ftp': Temporary failure in name resolution\n", i.Cancellation);
        }

        // It stays, and takes commands.
        while (await i.Streams.Input.ReadLineAsync(i.Cancellation) is { } line && line.Trim() is not ("quit" or "bye" or "exit"))
        {
            await i.PrintAsync(line.Trim().Length == 0 ? "" : "Not connected.\n");
        }

        return 0;
    }

    public static async ValueTask<int> OtherAsync(Invocation i)
    {
        Record(i, i.Operands.FirstOrDefault(""));
        await i.WaitAsync(5);
        return await i.FailAsync("connect: Connection timed out");
    }
}
