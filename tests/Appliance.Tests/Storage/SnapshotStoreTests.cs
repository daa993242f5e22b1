using Blackwall.Storage;
using Microsoft.Extensions.Options;
using Xunit;

namespace Blackwall.Tests.Storage;

public sealed class SnapshotStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-snapshot-").FullName;
    private readonly SnapshotStore _store;

    public SnapshotStoreTests() => _store = new SnapshotStore(Options.Create(new StorageOptions { StateFolder = _folder }));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_last_is_read()
    {
        _store.Write("a.state", [1, 2, 3]);
        _store.Write("a.state", [4, 5]);
        Assert.Equal([4, 5], _store.Read("a.state", 100, out string? damage)!);
        Assert.Null(damage);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "a.state")));
    }

    [Fact]
    public void Nothing_written_is_no_damage()
    {
        Assert.Null(_store.Read("b.state", 100, out string? damage));
        Assert.Null(damage);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(46)]
    public void A_changed_byte_anywhere_is_damage_and_the_file_is_put_aside(int place)
    {
        _store.Write("a.state", [1, 2, 3]);
        string file = Path.Combine(_folder, "a.state");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[place] ^= 0x40;
        File.WriteAllBytes(file, bytes);
        Assert.Null(_store.Read("a.state", 100, out string? damage));
        Assert.NotNull(damage);
        Assert.True(File.Exists(file + ".damaged"));
    }

    [Fact]
    public void A_file_larger_than_allowed_is_not_read()
    {
        _store.Write("a.state", new byte[200]);
        Assert.Null(_store.Read("a.state", 100, out string? damage));
        Assert.NotNull(damage);
    }
}
