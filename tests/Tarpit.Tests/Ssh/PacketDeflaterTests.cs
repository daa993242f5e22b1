using System.IO.Compression;
using System.Text;
using Blackwall.Tarpit.Ssh.Wire;
using Xunit;

namespace Blackwall.Tarpit.Tests.Ssh;

/// <summary>What is compressed packet by packet is one zlib stream, read by another implementation.</summary>
public sealed class PacketDeflaterTests
{
    [Fact]
    public void A_reader_of_zlib_gets_every_packet_back()
    {
        Random random = new(5);
        PacketDeflater deflater = new();
        using MemoryStream stream = new(), expected = new();
        for (int i = 0; i < 400; i++)
        {
            byte[] packet = new byte[i % 7 == 0 ? random.Next(0, 40_000) : random.Next(0, 300)];
            switch (i % 3)
            {
                case 0:
                    random.NextBytes(packet);
                    break;
                case 1:
                    packet.AsSpan().Fill((byte)i);
                    break;
                default:
                    Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, packet.Length).Select(n => $"{n % 97} lines\n")).AsSpan(0, packet.Length), packet);
                    break;
            }

            byte[] compressed = deflater.Run(packet);
            Assert.True(compressed.Length <= packet.Length + 24);
            stream.Write(compressed);
            expected.Write(packet);
        }

        // Two bytes more than the reader needs: what the next packet would bring of the last code.
        stream.Write([0, 0]);
        stream.Position = 0;
        using ZLibStream reader = new(stream, CompressionMode.Decompress);
        byte[] back = new byte[expected.Length];
        reader.ReadExactly(back);
        Assert.Equal(expected.ToArray(), back);
    }

    [Fact]
    public void Text_becomes_smaller()
    {
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(n => $"file-{n}.txt root root 4096\n")));
        Assert.True(new PacketDeflater().Run(text).Length < text.Length / 2);
    }
}
