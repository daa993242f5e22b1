using System.Diagnostics;

namespace Blackwall.Fuzz.Bash;

/// <summary>The bash of this machine, in a folder of its own with nothing but the programs that scripts use (chroot), as nobody, for at most ten seconds.</summary>
internal sealed class RealBash : IDisposable
{
    private static readonly string[] Programs =
    [
        "awk", "base64", "basename", "bash", "bc", "cat", "cksum", "csplit", "dd", "du", "env", "factor", "fmt", "id", "install", "join", "kill", "ls", "numfmt", "nproc", "pr", "printenv", "printf", "pwd", "realpath", "sha1sum", "sha256sum", "sha512sum", "shuf", "sleep", "split", "strings", "sum", "tar", "gzip", "gunzip", "zcat", "test", "timeout", "true", "false", "truncate", "tsort", "tty", "uname", "unexpand", "which", "xxd", "hexdump", "egrep", "fgrep", "whoami", "hostname", "mkfifo", "nohup", "nice", "getopt", "rename", "tput", "chmod", "cmp", "column", "comm", "cp", "cut", "date", "diff", "dirname", "echo", "stty", "tar", "expand", "expr", "find", "fold", "grep", "head", "ln", "ls", "md5sum", "mkdir", "mktemp", "mv", "nl", "od",
        "paste", "readlink", "rev", "rm", "rmdir", "sed", "seq", "sh", "sort", "stat", "tac", "tail", "tee", "touch", "tr", "uniq", "wc", "xargs", "yes",
        "arch", "b2sum", "base32", "basenc", "bunzip2", "bzcat", "bzip2", "chgrp", "chown", "colrm", "col", "cpio", "diff3", "dir", "dircolors", "ed", "file", "groups", "iconv", "jq", "link", "logname", "look", "lzcat", "mawk", "mknod", "patch", "pathchk", "pinky", "ptx", "sdiff", "sha224sum", "sha384sum", "shred", "stdbuf", "sync", "unlink", "unlzma", "unxz", "unzip", "users", "vdir", "who", "xz", "xzcat", "zip", "zcat", "setsid", "flock", "sqlite3", "uuidgen", "nologin", "chattr", "hostid", "perl", "ul", "more", "w", "ps",
    ];

    // Whoever started this may have left descriptors open.
    private const string Wrapper = "for n in /proc/self/fd/*; do n=${n##*/}; ((n > 2)) && eval \"exec $n>&-\"; done 2> /dev/null; exec -a bash /usr/bin/bash --norc -c \"$0\"";

    private readonly string _root = Directory.CreateTempSubdirectory("blackwall-bash-").FullName;

    public RealBash()
    {
        // Everybody may enter.
        File.SetUnixFileMode(_root, (UnixFileMode)0x1ED);
        foreach (string folder in new[] { "usr/bin", "tmp", "dev", "root" })
        {
            Directory.CreateDirectory(Path.Combine(_root, folder));
        }

        File.SetUnixFileMode(Path.Combine(_root, "tmp"), (UnixFileMode)0x3FF);
        File.CreateSymbolicLink(Path.Combine(_root, "bin"), "usr/bin");
        Run("mknod", "-m", "666", Path.Combine(_root, "dev/null"), "c", "1", "3");
        Run("mknod", "-m", "666", Path.Combine(_root, "dev/zero"), "c", "1", "5");
        Run("mknod", "-m", "666", Path.Combine(_root, "dev/urandom"), "c", "1", "9");
        Run("mount", "--bind", "/proc", Directory.CreateDirectory(Path.Combine(_root, "proc")).FullName);
        File.CreateSymbolicLink(Path.Combine(_root, "dev/fd"), "/proc/self/fd");
        if (Directory.Exists("/usr/lib/locale/C.utf8"))
        {
            Run("cp", "-r", "/usr/lib/locale/C.utf8", Directory.CreateDirectory(Path.Combine(_root, "usr/lib/locale")).FullName);
        }

        foreach (string program in Programs)
        {
            if (!File.Exists(Path.Combine("/usr/bin", program)))
            {
                continue;
            }

            string path = Path.GetFullPath(Output("readlink", "-f", Path.Combine("/usr/bin", program)).Trim());
            File.Copy(path, Path.Combine(_root, "usr/bin", program), overwrite: true);
            foreach (string library in Output("ldd", path).Split('\n').SelectMany(line => line.Split(' ')).Where(word => word.Trim().StartsWith('/')).Select(word => word.Trim()))
            {
                string copy = Path.Combine(_root, library[1..]);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                if (!File.Exists(copy))
                {
                    File.Copy(library, copy);
                }
            }
        }
    }

    /// <summary>What a script prints, and how it ends; null: it did not end.</summary>
    public (byte[] Output, int ExitCode)? Run(string script)
    {
        string work = Path.Combine(_root, "tmp/w");
        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
        }

        Directory.CreateDirectory(work, (UnixFileMode)0x1FF);
        File.SetUnixFileMode(work, (UnixFileMode)0x1FF);
        using Process process = Start("env", "--default-signal", "-i", "PATH=/usr/bin", "HOME=/root", "LC_ALL=C.UTF-8", "/usr/sbin/chroot", "--userspec=65534:65534", _root, "/usr/bin/bash", "--norc", "-c", Wrapper, $"cd /tmp/w\n{script}");
        return Finish(process);
    }

    public void Dispose()
    {
        Run("umount", Path.Combine(_root, "proc"));
        Directory.Delete(_root, recursive: true);
    }

    private static Process Start(params string[] command)
    {
        ProcessStartInfo start = new(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        return Process.Start(start)!;
    }

    private static (byte[], int)? Finish(Process process)
    {
        process.StandardInput.Close();
        using MemoryStream output = new();
        Task copy = process.StandardOutput.BaseStream.CopyToAsync(output);
        Task errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            process.Kill(entireProcessTree: true);
            return null;
        }

        Task.WhenAll(copy, errors).Wait(TimeSpan.FromSeconds(2));
        return (output.ToArray(), process.ExitCode);
    }

    private static void Run(params string[] command)
    {
        using Process process = Start(command);
        process.WaitForExit();
    }

    private static string Output(params string[] command)
    {
        using Process process = Start(command);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
