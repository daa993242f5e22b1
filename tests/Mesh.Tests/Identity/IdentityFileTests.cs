using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Identity;
using Blackwall.Mesh.Libp2p.Keys;
using Xunit;

namespace Blackwall.Tests.Mesh.Identity;

public sealed class IdentityFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-identity").FullName;

    private string File => Path.Combine(_folder, "identity");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Rsa)]
    public void An_identity_is_made_once_and_read_again_and_only_its_owner_can_read_it(KeyType type)
    {
        using PrivateKey made = IdentityFile.LoadOrCreate(File, type);
        using PrivateKey read = IdentityFile.LoadOrCreate(File);
        Assert.Equal((type, made.Public), (read.Public.Type, read.Public));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(["identity"], Directory.GetFiles(Path.GetDirectoryName(File)!).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(67)]
    public void A_torn_file_is_an_error_with_a_copy_kept_and_never_a_new_identity(int length)
    {
        IdentityFile.LoadOrCreate(File).Dispose();
        byte[] torn = System.IO.File.ReadAllBytes(File)[..length];
        System.IO.File.WriteAllBytes(File, torn);
        for (int start = 0; start < 3; start++)
        {
            MeshException refused = Assert.Throws<MeshException>(() => IdentityFile.LoadOrCreate(File));
            Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
            Assert.Contains(File + ".damaged", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(torn, System.IO.File.ReadAllBytes(File));
        Assert.Equal(torn, System.IO.File.ReadAllBytes(File + ".damaged"));
        Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(File)!).Length);
    }

    [Fact]
    public void A_file_with_one_bit_flipped_is_an_error()
    {
        IdentityFile.LoadOrCreate(File).Dispose();
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        bytes[20] ^= 4;
        System.IO.File.WriteAllBytes(File, bytes);
        Assert.Throws<MeshException>(() => IdentityFile.LoadOrCreate(File));
    }

    [Fact]
    public void A_file_that_others_can_read_is_refused_with_what_to_do()
    {
        IdentityFile.LoadOrCreate(File).Dispose();
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<MeshException>(() => IdentityFile.LoadOrCreate(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_not_made()
    {
        string missing = Path.Combine(_folder, "state", "identity");
        Assert.Contains(missing, Assert.Throws<MeshException>(() => IdentityFile.LoadOrCreate(missing)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(missing)));
        Directory.CreateDirectory(Path.GetDirectoryName(missing)!);
        IdentityFile.LoadOrCreate(missing).Dispose();
        Assert.True(System.IO.File.Exists(missing));
    }

    [Fact]
    public void A_folder_in_its_place_is_refused()
    {
        Directory.CreateDirectory(File);
        Assert.Contains("folder", Assert.Throws<MeshException>(() => IdentityFile.LoadOrCreate(File)).Message, StringComparison.Ordinal);
    }
}
