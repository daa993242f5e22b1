using System.Text;
using Blackwall.Tarpit.Ssh.Crypto;
using Xunit;

namespace Blackwall.Tarpit.Tests.Ssh;

/// <summary>The vectors of RFC 4418 appendix: key "abcdefghijklmnop", nonce "bcdefghi".</summary>
public sealed class UmacTests
{
    private const ulong Nonce = 0x6263646566676869;

    [Theory]
    [InlineData('a', 0, "6E155FAD26900BE1", "32FEDB100C79AD58F07FF7643CC60465")]
    [InlineData('a', 3, "44B5CB542F220104", "185E4FE905CBA7BD85E4C2DC3D117D8D")]
    [InlineData('a', 1 << 10, "26BF2F5D60118BD9", "7A54ABE04AF82D60FB298C3CBD195BCB")]
    [InlineData('a', 1 << 15, "27F8EF643B0D118D", "7B136BD911E4B734286EF2BE501F2C3C")]
    [InlineData('a', 1 << 20, "A4477E87E9F55853", "F8ACFA3AC31CFEEA047F7B115B03BEF5")]
    public void The_tags_are_those_of_the_standard(char letter, int length, string tag64, string tag128)
    {
        Assert.Equal(tag64, Tag(Encoding.ASCII.GetBytes(new string(letter, length)), 8));
        Assert.Equal(tag128, Tag(Encoding.ASCII.GetBytes(new string(letter, length)), 16));
    }

    private static string Tag(byte[] message, int length)
    {
        using Umac umac = new("abcdefghijklmnop"u8, length);
        byte[] tag = new byte[length];
        umac.Compute(Nonce, message, tag);
        return Convert.ToHexString(tag);
    }
}
