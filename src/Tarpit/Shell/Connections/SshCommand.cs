using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>ssh(1), and the way in which its relatives fail. It leads from the machine to itself and to nowhere else.</summary>
internal static class SshCommand
{
    private const int Failed = 255, MostTries = 3, MostNested = 20;
    private static readonly string[] s_identities = ["id_rsa", "id_ecdsa", "id_ed25519"];

    private const string Letters = "46AaB:b:Cc:D:E:e:F:fGgI:i:J:KkL:l:Mm:NnO:o:P:p:Q:qR:S:sTtVvW:w:XxYy";

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, Letters);
        if (options.Has('V'))
        {
            await i.Streams.Error.WriteAsync("OpenSSH_9.6p1 Ubuntu-3ubuntu13.5, OpenSSL 3.0.13 30 Jan 2024\n", i.Cancellation);
            return 0;
        }

        if (options.Error is not null || options.Operands is not [var destination, ..])
        {
            await i.Streams.Error.WriteAsync($"{(options.Error is { } unknown ? $"unknown option -- {unknown[1]}\n" : "")}usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface] [-b bind_address]\n           [-c cipher_spec] [-D [bind_address:]port] [-E log_file]\n           [-e escape_char] [-F configfile] [-I pkcs11] [-i identity_file]\n           [-J destination] [-L address] [-l login_name] [-m mac_spec]\n           [-O ctl_cmd] [-o option] [-P tag] [-p port] [-R address]\n           [-S ctl_path] [-W host:port] [-w local_tun[:remote_tun]]\n           destination [command [argument ...]]\n       ssh [-Q query_option]\n", i.Cancellation);
            return Failed;
        }

        // Options may stand behind the destination too, and end where the command begins.
        OptionParsing more = new([.. options.Operands.Skip(1)], Letters);
        string? Value(char letter) => more.Value(letter) ?? options.Value(letter);
        destination = destination.StartsWith("ssh://", StringComparison.Ordinal) ? destination[6..] : destination;
        int at = destination.LastIndexOf('@');
        string host = destination[(at + 1)..], user = Value('l') ?? (at > 0 ? destination[..at] : i.State.Visit.UserName);
        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments), Host = host });
        string? Setting(string name) => options.Values('o').Concat(more.Values('o')).Select(text => text.Split(['=', ' '], 2)).FirstOrDefault(pair => pair.Length == 2 && pair[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1];
        int port = int.TryParse(Value('p') ?? Setting("Port"), NumberStyles.None, CultureInfo.InvariantCulture, out int told) ? told : 22;
        TimeSpan? patience = int.TryParse(Setting("ConnectTimeout"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
        Attempt attempt = await Dialer.DialAsync(i.State, host, port, patience, i.Cancellation);
        await using Stream? stream = attempt.Stream;
        if (stream is null)
        {
            return await EndAsync(i, attempt.Address is null ? $"ssh: Could not resolve hostname {host}: {attempt.Error}" : string.Create(CultureInfo.InvariantCulture, $"ssh: connect to host {host} port {port}: {attempt.Error}"));
        }

        byte[] banner = new byte[255];
        int got = 0;
        using (CancellationTokenSource limit = new(TimeSpan.FromSeconds(2), i.Machine.Time))
        using (CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, i.Cancellation))
        {
            try
            {
                await i.State.Turns.OutsideAsync(async () => got = await stream.ReadAsync(banner, either.Token));
            }
            catch (OperationCanceledException) when (!i.Cancellation.IsCancellationRequested)
            {
                // Silent: it is no server of this protocol.
            }
        }

        if (!Encoding.Latin1.GetString(banner, 0, got).StartsWith("SSH-2.0-", StringComparison.Ordinal))
        {
            return await EndAsync(i, "kex_exchange_identification: Connection closed by remote host\nConnection closed by " + string.Create(CultureInfo.InvariantCulture, $"{attempt.Address} port {port}"));
        }

        bool isBatch = Setting("BatchMode") is "yes";
        if (!await IsTrustedAsync(i, host, attempt.Address!.ToString(), Setting("StrictHostKeyChecking"), isBatch))
        {
            return await EndAsync(i, "Host key verification failed.");
        }

        return await LogInAsync(i, user, host, Value('i') ?? Setting("IdentityFile"), isBatch, [.. more.Operands], options.Has('N') || more.Has('N'));
    }

    /// <summary>scp, sftp, rsync, ssh-copy-id: what they tell where no connection comes to stand.</summary>
    public static async ValueTask<int> RelativeAsync(Invocation i)
    {
        string? remote = i.Arguments.FirstOrDefault(argument => argument[..1] is not ("-" or "/" or ".") && (argument.Contains(':', StringComparison.Ordinal) || argument.Contains('@', StringComparison.Ordinal) || i.Name is "sftp" or "ssh-copy-id"));
        if (remote is null)
        {
            return await i.FailAsync("missing destination");
        }

        string host = remote[(remote.IndexOf('@', StringComparison.Ordinal) + 1)..].Split(':')[0];
        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments), Host = host });
        Attempt attempt = await Dialer.DialAsync(i.State, host, 22, null, i.Cancellation);
        await (attempt.Stream?.DisposeAsync() ?? ValueTask.CompletedTask);
        string first = attempt.Reach is Reach.Connected ? "Host key verification failed." : attempt.Address is null ? $"ssh: Could not resolve hostname {host}: {attempt.Error}" : $"ssh: connect to host {host} port 22: {attempt.Error}";
        await EndAsync(i, i.Name switch
        {
            "sftp" or "scp" => first + "\n" + (i.Name is "sftp" ? "Connection closed" : "scp: Connection closed"),
            "rsync" => first + "\nrsync: connection unexpectedly closed (0 bytes received so far) [sender]\nrsync error: unexplained error (code 255) at io.c(232) [sender=3.2.7]",
            _ => first,
        });
        return i.Name is "rsync" or "sftp" or "scp" ? Failed : 1;
    }

    private static async ValueTask<bool> IsTrustedAsync(Invocation i, string host, string address, string? checking, bool isBatch)
    {
        string path = i.State.Visit.HomeFolder + "/.ssh/known_hosts";
        string known = i.Read(path, out byte[] content) is Files.FileError.None ? Encoding.Latin1.GetString(content) : "";
        if (known.Split('\n').Any(line => line.Split(' ')[0].Split(',').Contains(host, StringComparer.Ordinal)))
        {
            return true;
        }

        string key = i.Read("/etc/ssh/ssh_host_ed25519_key.pub", out byte[] own) is Files.FileError.None ? Encoding.Latin1.GetString(own).Trim() : "ssh-ed25519";
        if (checking is not ("no" or "off" or "accept-new"))
        {
            if (isBatch || i.State.Io.Terminal is null)
            {
                return false;
            }

            byte[] blob = key.Split(' ') is [_, var text, ..] && Convert.TryFromBase64String(text, new byte[text.Length], out _) ? Convert.FromBase64String(text) : [];
            string print = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(blob)).TrimEnd('=');
            string shown = string.Equals(host, address, StringComparison.Ordinal) ? host : $"{host} ({address})";
            await i.Streams.Error.WriteAsync($"The authenticity of host '{shown}' can't be established.\nED25519 key fingerprint is SHA256:{print}.\nThis key is not known by any other names.\nAre you sure you want to continue connecting (yes/no/[fingerprint])? ", i.Cancellation);
            string? answer = await i.Streams.Input.ReadLineAsync(i.Cancellation);
            if (answer?.Trim() is not "yes")
            {
                return false;
            }
        }

        await i.Streams.Error.WriteAsync($"Warning: Permanently added '{host}' (ED25519) to the list of known hosts.\n", i.Cancellation);
        i.Files.MakeFolder(i.State.Visit.HomeFolder + "/.ssh", i.State.Visit.UserId, i.State.Visit.GroupId, 0x1C0);
        i.Files.Write(path, Encoding.Latin1.GetBytes(known + host + " " + string.Join(' ', key.Split(' ').Take(2)) + "\n"), i.State.Visit.UserId, i.State.Visit.GroupId, 0x180);
        return true;
    }

    private static async ValueTask<int> LogInAsync(Invocation i, string user, string host, string? identity, bool isBatch, string[] command, bool isIdle)
    {
        Visit visit = i.State.Visit;
        (string Name, int Id, int Group, string Home, string Shell)? account = Accounts.Find(i.Files, user);
        bool isIn = account is not null && HasKey(i, account.Value.Home, identity);
        for (int tries = 0; !isIn && !isBatch && tries < MostTries; tries++)
        {
            string? password = await SecretPrompt.ReadAsync(i, $"{user}@{host}'s password: ");
            if (password is null)
            {
                break;
            }

            isIn = account is not null && visit.Memory.Passwords.TryGetValue(account.Value.Name, out string? set) && string.Equals(set, password, StringComparison.Ordinal);
            i.State.Log.Record(new Observation(ObservationKinds.Login) { User = user, Secret = password, Method = "ssh", Success = isIn });
            if (!isIn)
            {
                await i.WaitAsync(2);
                await (tries < MostTries - 1 ? i.Streams.Error.WriteAsync("Permission denied, please try again.\n", i.Cancellation) : ValueTask.CompletedTask);
            }
        }

        if (!isIn)
        {
            return await EndAsync(i, $"{user}@{host}: Permission denied (publickey,password).");
        }

        ShellState state = i.State.CopyFor(visit.As(account!.Value.Name));
        if (isIdle || ++state.Depth > MostNested)
        {
            return 0;
        }

        state.Folder = account.Value.Home;
        if (command.Length > 0)
        {
            string[] words = ["bash", "-c", string.Join(' ', command)];
            await new Interpreter(state, i.Streams).CallAsync(words, i.Streams, i.Cancellation);
            return state.Status;
        }

        int status = await state.Visit.NestedShellAsync(state, i.Cancellation, isLogin: true);
        await i.Streams.Error.WriteAsync($"Connection to {host} closed.\n", i.Cancellation);
        return status;
    }

    // The visitor's own key, where it opens the account's door.
    private static bool HasKey(Invocation i, string home, string? identity)
    {
        string allowed = i.Files.Read(home + "/.ssh/authorized_keys", out byte[] keys) is Files.FileError.None ? Encoding.Latin1.GetString(keys) : "";
        string[] files = identity is not null ? [i.State.Path(identity)] : [.. s_identities.Select(name => $"{i.State.Visit.HomeFolder}/.ssh/{name}")];
        return files.Any(file => i.Read(file, out _) is Files.FileError.None && i.Read(file + ".pub", out byte[] content) is Files.FileError.None
            && Encoding.Latin1.GetString(content).Split(' ') is [_, { Length: > 20 } key, ..] && allowed.Contains(key.Trim(), StringComparison.Ordinal));
    }

    private static async ValueTask<int> EndAsync(Invocation i, string text)
    {
        await i.Streams.Error.WriteAsync(text + "\n", i.Cancellation);
        return Failed;
    }
}
