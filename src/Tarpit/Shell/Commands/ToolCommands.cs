using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Small tools of all kinds.</summary>
internal static class ToolCommands
{
    private const int MostBytes = 1 << 20;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["openssl"] = OpensslAsync,
        ["git"] = GitAsync,
        ["gpg"] = i => i.Has('\0', "version") ? SystemCommands.PrintAsync(i, "gpg (GnuPG) 2.4.4\nlibgcrypt 1.10.3\n") : i.Arguments.Any(argument => argument is "--list-keys" or "-k" or "-K" or "--list-secret-keys") ? new(0) : i.FailAsync("no valid OpenPGP data found.", 2),
        ["ssh-keygen"] = KeyAsync,
        ["ssh-add"] = i => i.Has('l') ? SystemCommands.PrintAsync(i, "The agent has no identities.\n", 1) : i.FailAsync("Could not open a connection to your authentication agent.", 2),
        ["ssh-agent"] = i => SystemCommands.PrintAsync(i, $"SSH_AUTH_SOCK=/tmp/ssh-{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP", 12)}/agent.{i.State.Visit.ShellProcess}; export SSH_AUTH_SOCK;\nSSH_AGENT_PID={i.State.Visit.Memory.Processes.Start("ssh-agent", i.State.Visit.UserName, 1, "?", "/")}; export SSH_AGENT_PID;\necho Agent pid {i.State.Visit.ShellProcess + 1};\n"),
        ["sshd"] = i => i.Has('T') ? SystemCommands.PrintAsync(i, "port 22\naddressfamily any\nlistenaddress [::]:22\nlistenaddress 0.0.0.0:22\nusepam yes\nlogingracetime 120\nx11displayoffset 10\nmaxauthtries 6\nmaxsessions 10\npermitrootlogin yes\npubkeyauthentication yes\npasswordauthentication yes\nkbdinteractiveauthentication no\nx11forwarding yes\n") : i.Has('t') ? new(0) : i.FailAsync("re-exec requires execution with an absolute path", 255),
        ["uuidgen"] = i => SystemCommands.PrintAsync(i, Guid.NewGuid() + "\n"),
        ["mcookie"] = i => SystemCommands.PrintAsync(i, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) + "\n"),
        ["hostid"] = i => SystemCommands.PrintAsync(i, "007f0101\n"),
        ["dnsdomainname"] = i => new(0),
        ["domainname"] = i => SystemCommands.PrintAsync(i, "(none)\n"),
        ["cal"] = CalendarAsync,
        ["ncal"] = CalendarAsync,
        ["apachectl"] = ApacheAsync,
        ["apache2ctl"] = ApacheAsync,
        ["apache2"] = ApacheAsync,
        ["a2enmod"] = i => i.State.Visit.UserId == 0 ? SystemCommands.PrintAsync(i, string.Concat(i.Operands.Select(name => $"Module {name} already enabled\n"))) : i.FailAsync("Could not create link: Permission denied"),
        ["a2dismod"] = i => new(0),
        ["a2ensite"] = i => new(0),
        ["a2dissite"] = i => new(0),
        ["mail"] = i => SystemCommands.PrintAsync(i, $"No mail for {i.State.Visit.UserName}\n"),
        ["sendmail"] = i => new(0),
        ["postfix"] = i => SystemCommands.PrintAsync(i, i.Operands.FirstOrDefault("") is "status" ? "postfix/postfix-script: the Postfix mail system is running: PID: 758\n" : ""),
        ["mailq"] = i => SystemCommands.PrintAsync(i, "Mail queue is empty\n"),
        ["rndc"] = i => SystemCommands.PrintAsync(i, i.Operands.FirstOrDefault("") is "status" ? $"version: BIND 9.18.30-0ubuntu0.24.04.2-Ubuntu\nrunning on {i.State.Visit.Memory.HostName}\nnumber of zones: 103 (97 automatic)\nserver is up and running\n" : ""),
        ["smbstatus"] = i => SystemCommands.PrintAsync(i, "\nSamba version 4.19.5-Ubuntu\nPID     Username     Group        Machine                                   Protocol Version  Encryption           Signing              \n----------------------------------------------------------------------------------------------------------------------------------------\n"),
        ["smbpasswd"] = i => i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("machine 127.0.0.1 rejected the password change"),
        ["auditctl"] = i => i.FailAsync("You must be root to run this program."),
        ["aa-status"] = i => i.State.Visit.UserId == 0 ? SystemCommands.PrintAsync(i, "apparmor module is loaded.\n119 profiles are loaded.\n26 profiles are in enforce mode.\n") : i.FailAsync("You do not have enough privilege to read the profile set.", 4),
        ["getenforce"] = i => SystemCommands.PrintAsync(i, "Disabled\n"),
        ["sestatus"] = i => SystemCommands.PrintAsync(i, "SELinux status:                 disabled\n"),
        ["cloud-init"] = i => SystemCommands.PrintAsync(i, i.Operands.FirstOrDefault("") is "status" ? "status: done\n" : ""),
        ["landscape-sysinfo"] = i => SystemCommands.PrintAsync(i, $"  System load:  {World.Load.Averages(i.Machine).Split(',')[0]}\n"),
        ["setcap"] = i => i.State.Visit.UserId == 0 ? new(0) : i.FailAsync("unable to set CAP_SETFCAP effective capability: Operation not permitted"),
        ["getcap"] = i => SystemCommands.PrintAsync(i, string.Concat(i.Operands.Where(name => name is "/" or "/usr" or "/usr/bin" or "/usr/bin/ping").Take(1).Select(_ => "/usr/bin/ping cap_net_raw=ep\n/usr/bin/mtr-packet cap_net_raw=ep\n"))),
        ["capsh"] = i => SystemCommands.PrintAsync(i, i.Has('\0', "print") ? $"Current: {(i.State.Visit.UserId == 0 ? "=ep" : "=")}\nBounding set =cap_chown,cap_dac_override,cap_dac_read_search,cap_fowner,cap_fsetid,cap_kill,cap_setgid,cap_setuid\n" : ""),
        ["prlimit"] = i => SystemCommands.PrintAsync(i, "RESOURCE   DESCRIPTION                             SOFT      HARD UNITS\nNOFILE     max number of open files                1024   1048576 files\nNPROC      max number of processes                15238     15238 processes\n"),
        ["tput"] = i => SystemCommands.PrintAsync(i, i.Operands.FirstOrDefault("") switch { "cols" => $"{i.State.Io.Terminal?.Columns ?? 80}\n", "lines" => $"{i.State.Io.Terminal?.Rows ?? 24}\n", "colors" => "256\n", "clear" => "\x1b[H\x1b[2J", "sgr0" => "\x1b(B\x1b[m", "bold" => "\x1b[1m", "setaf" => $"\x1b[3{i.Operands.ElementAtOrDefault(1)}m", _ => "" }),
        ["clear_console"] = static _ => new(1),
        ["dircolors"] = i => SystemCommands.PrintAsync(i, "LS_COLORS='rs=0:di=01;34:ln=01;36:mh=00:pi=40;33:so=01;35:bd=40;33;01:cd=40;33;01:or=40;31;01:su=37;41:sg=30;43:tw=30;42:ow=34;42:st=37;44:ex=01;32:';\nexport LS_COLORS\n"),
        ["resize"] = i => SystemCommands.PrintAsync(i, $"COLUMNS={i.State.Io.Terminal?.Columns ?? 80};\nLINES={i.State.Io.Terminal?.Rows ?? 24};\nexport COLUMNS LINES;\n"),
        ["localectl"] = i => SystemCommands.PrintAsync(i, "System Locale: LANG=C.UTF-8\n    VC Keymap: (unset)\n   X11 Layout: us\n"),
        ["tzselect"] = i => new(1),
        ["busctl"] = i => SystemCommands.PrintAsync(i, "NAME                             PID PROCESS         USER             CONNECTION    UNIT                        SESSION DESCRIPTION\n"),
        ["command-not-found"] = i => SystemCommands.PrintAsync(i, MissingPrograms.Hint(i.Operands.FirstOrDefault("")), 127),
    };

    // POSIX: the length counts too.
    private static async ValueTask<int> ApacheAsync(Invocation i) => i.Arguments.FirstOrDefault("") switch
    {
        "-v" or "-V" => await SystemCommands.PrintAsync(i, "Server version: Apache/2.4.58 (Ubuntu)\nServer built:   2024-07-17T18:55:23\n"),
        "-t" or "configtest" => await SystemCommands.PrintAsync(i, "Syntax OK\n"),
        "-S" => await SystemCommands.PrintAsync(i, $"VirtualHost configuration:\n*:80                   {i.State.Visit.Memory.HostName} (/etc/apache2/sites-enabled/000-default.conf:1)\nServerRoot: \"/etc/apache2\"\nMain DocumentRoot: \"/var/www/html\"\nMain ErrorLog: \"/var/log/apache2/error.log\"\n"),
        "-M" => await SystemCommands.PrintAsync(i, "Loaded Modules:\n core_module (static)\n so_module (static)\n mpm_prefork_module (shared)\n php_module (shared)\n rewrite_module (shared)\n ssl_module (shared)\n"),
        "start" or "stop" or "restart" or "graceful" => await ServiceCommands.All["systemctl"](i with { Name = "systemctl", Arguments = [i.Arguments[0] is "graceful" ? "reload" : i.Arguments[0], "apache2"] }),
        _ => 0,
    };

    private static async ValueTask<int> CalendarAsync(Invocation i)
    {
        DateTimeOffset now = i.Machine.Now;
        StringBuilder text = new();
        string title = now.ToString("MMMM yyyy", CultureInfo.InvariantCulture);
        text.Append(new string(' ', (20 - title.Length) / 2)).Append(title).Append("\nSu Mo Tu We Th Fr Sa\n");
        DateTimeOffset first = new(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        text.Append(new string(' ', 3 * (int)first.DayOfWeek));
        for (int day = 1; day <= DateTime.DaysInMonth(now.Year, now.Month); day++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{day,2}").Append((int)first.AddDays(day - 1).DayOfWeek == 6 ? '\n' : ' ');
        }

        return await SystemCommands.PrintAsync(i, text + "\n");
    }

    private static async ValueTask<int> OpensslAsync(Invocation i)
    {
        string[] operands = [.. i.Arguments];
        switch (operands.FirstOrDefault(""))
        {
            case "version":
                return await SystemCommands.PrintAsync(i, "OpenSSL 3.0.13 30 Jan 2024 (Library: OpenSSL 3.0.13 30 Jan 2024)\n");
            case "rand":
                int length = operands.LastOrDefault() is { } last && int.TryParse(last, CultureInfo.InvariantCulture, out int given) ? Math.Clamp(given, 0, MostBytes) : 0;
                byte[] bytes = RandomNumberGenerator.GetBytes(length);
                if (operands.Contains("-hex", StringComparer.Ordinal) || operands.Contains("-base64", StringComparer.Ordinal))
                {
                    return await SystemCommands.PrintAsync(i, (operands.Contains("-hex", StringComparer.Ordinal) ? Convert.ToHexStringLower(bytes) : Convert.ToBase64String(bytes)) + "\n");
                }

                await i.Streams.Output.WriteAsync(bytes, i.Cancellation);
                return 0;
            case "passwd":
                string salt = Array.IndexOf(operands, "-salt") is var at and >= 0 && at + 1 < operands.Length ? operands[at + 1] : RandomNumberGenerator.GetString("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 16);
                string secret = operands.Skip(1).Where((word, n) => !word.StartsWith('-') && operands[n] is not "-salt").FirstOrDefault() ?? await i.Streams.Input.ReadLineAsync(i.Cancellation) ?? "";
                string kind = operands.Contains("-6", StringComparer.Ordinal) ? "6" : operands.Contains("-5", StringComparer.Ordinal) ? "5" : "1";
                byte[] hash = SHA512.HashData(Encoding.UTF8.GetBytes(salt + secret));
                return await SystemCommands.PrintAsync(i, $"${kind}${salt}${Convert.ToBase64String(hash).Replace('+', '.').TrimEnd('=')[..(kind is "6" ? 86 : kind is "5" ? 43 : 22)]}\n");
            case "base64" or "enc" when operands.Contains("base64", StringComparer.Ordinal) || operands.Contains("-base64", StringComparer.Ordinal) || operands[0] is "base64":
                await i.Interpreter.CallAsync(operands.Contains("-d", StringComparer.Ordinal) ? ["base64", "-d"] : ["base64"], i.Streams, i.Cancellation);
                return i.State.Status;
            case "md5" or "sha1" or "sha256" or "sha512" or "dgst":
                byte[] content = i.Operands.Skip(1).FirstOrDefault() is { } name && i.Read(name, out byte[] read) == FileError.None ? read : await i.Streams.Input.ReadAllAsync(i.Cancellation);
                string algorithm = operands[0] is "dgst" ? operands.FirstOrDefault(word => word is "-md5" or "-sha1" or "-sha256" or "-sha512")?[1..] ?? "sha256" : operands[0];
                byte[] sum = algorithm switch { "md5" => MD5.HashData(content), "sha1" => SHA1.HashData(content), "sha512" => SHA512.HashData(content), _ => SHA256.HashData(content) };
                return await SystemCommands.PrintAsync(i, $"{(algorithm is "md5" ? "MD5" : "SHA2-" + algorithm[3..])}({i.Operands.Skip(1).FirstOrDefault("stdin")})= {Convert.ToHexStringLower(sum)}\n");
            case "s_client":
                i.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Download) { Name = "openssl", Text = string.Join(' ', operands) });
                await i.WaitAsync(5);
                return await i.FailAsync("connect: Connection timed out", 1);
            default:
                return operands.Length == 0 ? 0 : await i.FailAsync("Invalid command '" + operands[0] + "'; type \"help\" for a list.");
        }
    }

    private static async ValueTask<int> GitAsync(Invocation i)
    {
        string[] operands = [.. i.OperandsWithout("Cc")];
        string verb = operands.FirstOrDefault("");
        if (i.Has('\0', "version") || verb is "version")
        {
            return await SystemCommands.PrintAsync(i, "git version 2.43.0\n");
        }

        switch (verb)
        {
            case "clone" or "fetch" or "pull" or "push" or "ls-remote":
                string url = operands.Skip(1).FirstOrDefault("origin"), host = url.Contains("://", StringComparison.Ordinal) ? url.Split("://")[1].Split('/')[0] : url.Split(':')[0].Split('@')[^1];
                i.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Download) { Name = "git", Text = string.Join(' ', i.Arguments), Host = host });
                await i.Streams.Error.WriteAsync(verb is "clone" ? $"Cloning into '{operands.ElementAtOrDefault(2) ?? url.TrimEnd('/').Split('/')[^1].Replace(".git", "", StringComparison.Ordinal)}'...\n" : "", i.Cancellation);
                await i.WaitAsync(4);
                await i.Streams.Error.WriteAsync(verb is not "clone" && url is "origin" ? "fatal: not a git repository (or any of the parent directories): .git\n" : $"fatal: unable to access '{url}/': Could not resolve host: {host}\n", i.Cancellation);
                return 128;
            case "init":
                string path = i.State.Path(operands.ElementAtOrDefault(1) ?? ".");
                i.Files.MakeFolder(path, i.State.Visit.UserId, i.State.Visit.GroupId);
                i.Files.MakeFolder(path + "/.git", i.State.Visit.UserId, i.State.Visit.GroupId);
                i.Files.Write(path + "/.git/HEAD", "ref: refs/heads/master\n"u8.ToArray(), i.State.Visit.UserId, i.State.Visit.GroupId);
                i.Files.Write(path + "/.git/config", "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"u8.ToArray(), i.State.Visit.UserId, i.State.Visit.GroupId);
                return await SystemCommands.PrintAsync(i, $"Initialized empty Git repository in {path.TrimEnd('/')}/.git/\n");
            case "config":
                return 0;
            case "":
                return await SystemCommands.PrintAsync(i, "usage: git [-v | --version] [-h | --help] [-C <path>] [-c <name>=<value>]\n           [--exec-path[=<path>]] [--html-path] [--man-path] [--info-path]\n           [-p | --paginate | -P | --no-pager] [--no-replace-objects] [--bare]\n           <command> [<args>]\n", 1);
            default:
                bool isRepository = i.Files.Find(i.State.Path(".git")) is FolderNode;
                return verb switch
                {
                    _ when !isRepository => await RefuseAsync(i, "fatal: not a git repository (or any of the parent directories): .git\n", 128),
                    "status" => await SystemCommands.PrintAsync(i, "On branch master\n\nNo commits yet\n\nnothing to commit (create/copy files and use \"git add\" to track)\n"),
                    "log" => await RefuseAsync(i, "fatal: your current branch 'master' does not have any commits yet\n", 128),
                    "branch" or "add" or "remote" or "stash" or "diff" => 0,
                    _ => await RefuseAsync(i, $"git: '{verb}' is not a git command. See 'git --help'.\n", 1),
                };
        }
    }

    private static async ValueTask<int> RefuseAsync(Invocation i, string text, int status)
    {
        await i.Streams.Error.WriteAsync(text, i.Cancellation);
        return status;
    }

    private static async ValueTask<int> KeyAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "lqyBAt:b:f:N:C:P:E:R:F:m:i");
        string type = options.Value('t') ?? "ed25519", home = i.State.Visit.HomeFolder;
        string file = options.Value('f') ?? $"{home}/.ssh/id_{type}";
        if (options.Has('l'))
        {
            return await Connections.HostKeyCommands.FingerprintAsync(i, file);
        }

        if (options.Has('y') || options.Has('R'))
        {
            return i.Read(file, out _) is FileError.None ? 0 : await i.FailAsync($"{file}: No such file or directory", 255);
        }

        await i.PrintAsync(options.Has('q') ? "" : $"Generating public/private {type} key pair.\n");
        if (!options.Has('f'))
        {
            await i.PrintAsync($"Enter file in which to save the key ({file}): ");
            file = await i.Streams.Input.ReadLineAsync(i.Cancellation) is { Length: > 0 } given ? given : file;
        }

        if (!options.Has('N'))
        {
            await SecretPrompt.ReadAsync(i, "Enter passphrase (empty for no passphrase): ");
            await SecretPrompt.ReadAsync(i, "Enter same passphrase again: ");
        }

        string path = i.State.Path(file), comment = options.Value('C') ?? $"{i.State.Visit.UserName}@{i.State.Visit.Memory.HostName}";
        byte[] secret = RandomNumberGenerator.GetBytes(32), shared = RandomNumberGenerator.GetBytes(32);
        string publicKey = $"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{Convert.ToBase64String(shared).TrimEnd('=')} {comment}\n";
        i.Files.MakeFolder(path[..Math.Max(1, path.LastIndexOf('/'))], i.State.Visit.UserId, i.State.Visit.GroupId, 0x1C0);
        FileError error = i.Files.Write(path, Encoding.Latin1.GetBytes($"-----BEGIN OPENSSH PRIVATE KEY-----\n{Convert.ToBase64String([.. secret, .. shared, .. secret, .. shared])}\n-----END OPENSSH PRIVATE KEY-----\n"), i.State.Visit.UserId, i.State.Visit.GroupId, 0x180);
        if (error != FileError.None)
        {
            return await i.FailAsync($"Saving key \"{file}\" failed: {error.Text()}");
        }

        i.Files.Write(path + ".pub", Encoding.Latin1.GetBytes(publicKey), i.State.Visit.UserId, i.State.Visit.GroupId);
        return await SystemCommands.PrintAsync(i, options.Has('q') ? "" : $"Your identification has been saved in {file}\nYour public key has been saved in {file}.pub\nThe key fingerprint is:\nSHA256:{Convert.ToBase64String(SHA256.HashData(shared)).TrimEnd('=')} {comment}\n");
    }
}
