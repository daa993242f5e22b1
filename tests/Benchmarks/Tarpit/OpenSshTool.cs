using System.Diagnostics;
using System.Net;
using System.Text;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>The programs of OpenSSH's client, logging in with a password.</summary>
internal sealed class OpenSshTool : IDisposable
{
    private readonly IPEndPoint _server;
    private readonly string _ask;

    public OpenSshTool(IPEndPoint server, string folder)
    {
        _server = server;
        _ask = Path.Combine(folder, "ask");
        File.WriteAllText(_ask, "#!/bin/sh\necho toor\n");
        File.SetUnixFileMode(_ask, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<(string Output, string Errors)> RunAsync(string program, string input, IReadOnlyList<string> options, params IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program,
        [
            "-F", "/dev/null", program is "ssh" ? "-p" : "-P", $"{_server.Port}", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "PreferredAuthentications=password", "-o", "BatchMode=no", .. options, .. arguments,
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Encoding.Latin1,
            StandardOutputEncoding = Encoding.Latin1,
            UseShellExecute = false,
        };
        start.Environment["SSH_ASKPASS"] = _ask;
        start.Environment["SSH_ASKPASS_REQUIRE"] = "force";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (await output, await errors) : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {(await errors)[^Math.Min(500, (await errors).Length)..]}");
    }

    public void Dispose() => File.Delete(_ask);
}
