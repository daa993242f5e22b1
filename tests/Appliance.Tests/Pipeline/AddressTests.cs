using System.Net;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using FsCheck.Xunit;
using Xunit;

namespace Blackwall.Tests.Pipeline;

public sealed class AddressTests
{
    [Fact]
    public void The_first_octet_is_the_most_significant_one_and_the_first_on_the_wire()
    {
        Address address = Address.Parse("1.2.3.4");
        Assert.Equal(0x01020304u, address.V4);
        Span<byte> bytes = stackalloc byte[16];
        Assert.Equal(4, address.WriteFamilyBytes(bytes));
        Assert.Equal([1, 2, 3, 4], bytes[..4].ToArray());
        Assert.Equal("1.2.3.4", Address.FromBytes([1, 2, 3, 4]).ToString(null, null));
        Assert.NotEqual(Address.Parse("4.3.2.1"), address);
    }

    [Fact]
    public void Kernel_bytes_hold_the_same_order()
    {
        byte[] bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes<RawAddress>(new[] { RawAddress.From(Address.Parse("2001:db8::102:304")) }).ToArray();
        Assert.Equal(new byte[] { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4 }, bytes);
        byte[] mapped = System.Runtime.InteropServices.MemoryMarshal.AsBytes<RawAddress>(new[] { RawAddress.From(Address.Parse("1.2.3.4")) }).ToArray();
        Assert.Equal(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4 }, mapped);
        Assert.Equal(Address.Parse("1.2.3.4"), RawAddress4.From(Address.Parse("1.2.3.4")).ToAddress());
    }

    [Theory]
    [InlineData("::ffff:1.2.3.4")]
    [InlineData("::ffff:102:304")]
    public void The_mapped_form_is_the_ipv4_address(string text)
    {
        Address address = Address.Parse(text);
        Assert.True(address.IsV4);
        Assert.Equal(32, address.Bits);
        Assert.Equal(Address.Parse("1.2.3.4"), address);
        Assert.Equal("1.2.3.4", address.ToString(null, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("1.2.3")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.256")]
    [InlineData("0x1.2.3.4")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.4 ")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1/128")]
    [InlineData("1.2.3.4:80")]
    [InlineData(":::")]
    [InlineData("::ffff:01.2.3.4")]
    [InlineData("16909060")]
    public void What_is_not_plainly_an_address_is_refused(string text) => Assert.False(Address.TryParse(text, out _));

    [Property(MaxTest = 2000)]
    public bool Every_address_survives_text_bytes_kernel_and_framework(ulong high, ulong low, bool v4)
    {
        Address address = v4 ? Address.FromV4((uint)low) : new Address(new UInt128(high, low));
        Span<byte> bytes = stackalloc byte[16];
        address.WriteBytes(bytes);
        Span<byte> family = stackalloc byte[16];
        int length = address.WriteFamilyBytes(family);
        return Address.Parse(address.ToString(null, null)) == address
            && Address.FromBytes(bytes) == address
            && Address.FromBytes(family[..length]) == address
            && Address.From(address.ToIPAddress()) == address
            && RawAddress.From(address).ToAddress() == address;
    }

    [Property(MaxTest = 2000)]
    public bool Addresses_sort_as_their_bytes_do(ulong high, ulong low, ulong otherHigh, ulong otherLow)
    {
        var one = new Address(new UInt128(high, low));
        var other = new Address(new UInt128(otherHigh, otherLow));
        byte[] left = new byte[16], right = new byte[16];
        one.WriteBytes(left);
        other.WriteBytes(right);
        return Math.Sign(one.CompareTo(other)) == Math.Sign(left.AsSpan().SequenceCompareTo(right)) && (one < other) == (one.CompareTo(other) < 0);
    }

    [Property(MaxTest = 2000)]
    public bool Text_of_the_framework_means_the_same(uint value) =>
        Address.Parse(new IPAddress([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]).ToString()) == Address.FromV4(value);

    [Property(MaxTest = 5000)]
    public bool No_text_makes_the_parser_throw(string? text) => !Address.TryParse(text, out Address address) || Address.Parse(address.ToString(null, null)) == address;
}
