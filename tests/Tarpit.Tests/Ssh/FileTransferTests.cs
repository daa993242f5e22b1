using System.Security.Cryptography;
using Blackwall.Tarpit.Recording;
using Xunit;

namespace Blackwall.Tarpit.Tests.Ssh;

/// <summary>The scp and sftp programs of OpenSSH bring files, and get them back as they were.</summary>
public sealed class FileTransferTests : IDisposable
{
    private const int Length = 3_000_001;

    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-sftp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_comes_back_as_it_went_and_is_recorded(bool oldProtocol)
    {
        await using RunningTarpit tarpit = new();
        string source = Path.Combine(_folder, "source"), back = Path.Combine(_folder, "back");
        byte[] content = RandomNumberGenerator.GetBytes(Length);
        await File.WriteAllBytesAsync(source, content, TestContext.Current.CancellationToken);
        string[] how = oldProtocol ? ["-O"] : [];
        Assert.Equal((0, ""), await RunAsync(tarpit, "scp", "", [.. how, source, "root@127.0.0.1:/tmp/x"]));
        Observation upload = tarpit.Records.Last(ObservationKinds.Upload)!;
        Assert.Equal(("/tmp/x", Convert.ToHexStringLower(SHA256.HashData(content)), (long)Length), (upload.Name, upload.Sha256, upload.Size));
        Assert.Equal((0, ""), await RunAsync(tarpit, "scp", "", [.. how, "root@127.0.0.1:/tmp/x", back]));
        Assert.Equal(content, await File.ReadAllBytesAsync(back, TestContext.Current.CancellationToken));
        Assert.Equal($"{Length}\n", (await SshClient.CommandAsync(tarpit, "wc -c < /tmp/x")).Output);
    }

    [Fact]
    public async Task A_session_of_sftp_changes_what_the_shell_sees()
    {
        await using RunningTarpit tarpit = new();
        string source = Path.Combine(_folder, "source");
        await File.WriteAllTextAsync(source, "content", TestContext.Current.CancellationToken);
        string script = $"put {source} /tmp/a\nmkdir /tmp/d\nrename /tmp/a /tmp/d/b\nchmod 700 /tmp/d/b\nsymlink /tmp/d/b /tmp/l\nrm /nosuch\nls -l /tmp\n";
        (_, string output) = await RunAsync(tarpit, "sftp", script, ["root@127.0.0.1"]);
        Assert.Contains("No such file", output, StringComparison.Ordinal);
        Assert.Contains("root     root", output, StringComparison.Ordinal);
        Assert.Equal("content\n-rwx------\n", (await SshClient.CommandAsync(tarpit, "cat /tmp/l; echo; ls -l /tmp/d/b | cut -c1-10")).Output);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(RunningTarpit tarpit, string program, string input, string[] arguments)
    {
        string ask = Path.Combine(Path.GetTempPath(), $"blackwall-ask-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(ask, "#!/bin/sh\necho toor\n");
        File.SetUnixFileMode(ask, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            SshClient.Result result = await SshClient.ToolAsync(program, input, new Dictionary<string, string>(StringComparer.Ordinal) { ["SSH_ASKPASS"] = ask, ["SSH_ASKPASS_REQUIRE"] = "force" },
            [
                "-F", "/dev/null", "-q", "-P", $"{tarpit.Port}", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "PreferredAuthentications=password",
                "-o", "NumberOfPasswordPrompts=1", .. arguments,
            ]);
            return (result.ExitCode, result.Output + result.Errors);
        }
        finally
        {
            File.Delete(ask);
        }
    }
}
