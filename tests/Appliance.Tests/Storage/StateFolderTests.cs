using Blackwall.Storage;
using Xunit;

namespace Blackwall.Tests.Storage;

/// <summary>A folder that others can write, or could, is no place for keys.</summary>
public sealed class StateFolderTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root = Directory.CreateTempSubdirectory("blackwall-folder-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void One_that_everybody_may_write_is_refused_with_a_sentence()
    {
        File.SetUnixFileMode(_root, Owner | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        using StateLock? state = StateLock.TryTake(_root, out string? error);
        Assert.Null(state);
        Assert.Contains($"chmod 700 {_root}", error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_others_may_look_into_is_closed_and_links_in_it_lead_nowhere()
    {
        string elsewhere = Path.Combine(_root, "elsewhere");
        string state = Path.Combine(_root, "state");
        Directory.CreateDirectory(state, Owner | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.WriteAllText(elsewhere, "");
        File.SetUnixFileMode(elsewhere, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(Path.Combine(state, "x.state"), elsewhere);
        File.WriteAllText(Path.Combine(state, "y.state"), "");
        File.SetUnixFileMode(Path.Combine(state, "y.state"), Owner | UnixFileMode.OtherRead);
        using StateLock? held = StateLock.TryTake(state, out string? error);
        Assert.Null(error);
        Assert.Equal(Owner, File.GetUnixFileMode(state));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(state, "y.state")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.OtherRead, File.GetUnixFileMode(elsewhere));
    }
}
