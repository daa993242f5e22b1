using System.Diagnostics;
using Xunit;

namespace Blackwall.Tarpit.Tests.Ssh;

/// <summary>The real OpenSSH client.</summary>
internal static class SshClient
{
    public sealed record Result(int ExitCode, string Output, string Errors);

    /// <summary>Runs it against a tarpit.</summary>
    /// <param name="options">Options of the client, each a word: "-tt", or "Ciphers=aes128-ctr" for -o.</param>
    public static Task<Result> CommandAsync(RunningTarpit tarpit, string command, string input = "", params string[] options) =>
        CommandAsync(tarpit, new Dictionary<string, string>(StringComparer.Ordinal), command, input, options);

    /// <summary>Runs it with variables of its own.</summary>
    public static async Task<Result> CommandAsync(RunningTarpit tarpit, IReadOnlyDictionary<string, string> environment, string command, string input, params string[] options)
    {
        string ask = Path.Combine(Path.GetTempPath(), $"blackwall-ask-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(ask, "#!/bin/sh\necho toor\n");
        File.SetUnixFileMode(ask, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            return await ToolAsync("ssh", input, new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["SSH_ASKPASS"] = ask, ["SSH_ASKPASS_REQUIRE"] = "force" },
            [
                "-F", "/dev/null", "-p", $"{tarpit.Port}", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
                "-o", "PreferredAuthentications=password", "-o", "NumberOfPasswordPrompts=1",
                .. options.SelectMany(option => option.StartsWith('-') ? [option] : new[] { "-o", option }), "root@127.0.0.1", command,
            ]);
        }
        finally
        {
            File.Delete(ask);
        }
    }

    public static async Task<Result> ToolAsync(string program, string input, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Result(process.ExitCode, await output, await errors);
    }
}
