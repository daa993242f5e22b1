using Blackwall.Mesh.Libp2p.Wire;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Blackwall.Tests.Mesh.Keys;

public sealed class VarintTests
{
    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(127UL, "7f")]
    [InlineData(128UL, "8001")]
    [InlineData(16384UL, "808001")]
    [InlineData(long.MaxValue, "ffffffffffffffff7f")]
    public void Known_values_are_read_and_written(ulong value, string hex)
    {
        Span<byte> room = stackalloc byte[10];
        Assert.Equal(hex, Convert.ToHexStringLower(room[..Varint.Write(room, value)]));
        Assert.Equal((VarintStatus.Whole, value, hex.Length / 2), (Varint.Read(Convert.FromHexString(hex), out ulong read, out int length), read, length));
        Assert.Equal(hex.Length / 2, Varint.LengthOf(value));
    }

    [Theory]
    [InlineData("8000", VarintStatus.Invalid)]
    [InlineData("ff8000", VarintStatus.Invalid)]
    [InlineData("ffffffffffffffffff01", VarintStatus.Invalid)]
    [InlineData("80808080808080808080", VarintStatus.Invalid)]
    [InlineData("", VarintStatus.Incomplete)]
    [InlineData("ffffffffffffffff", VarintStatus.Incomplete)]
    public void Long_forms_and_overlong_values_are_invalid_and_short_input_is_incomplete(string hex, VarintStatus status) =>
        Assert.Equal(status, Varint.Read(Convert.FromHexString(hex), out _, out _));

    [Fact]
    public void Every_value_comes_back() => Prop.ForAll<ulong>(value =>
    {
        Span<byte> room = stackalloc byte[10];
        ulong bounded = value >> 1;
        int written = Varint.Write(room, bounded);
        return Varint.Read(room, out ulong read, out int length) == VarintStatus.Whole && read == bounded && length == written && Varint.LengthOf(bounded) == written;
    }).QuickCheckThrowOnFailure();
}
