using System.Buffers.Binary;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.World.Packages;

/// <summary>Content of the files of packages, as long as the list says and of the kind that their names promise. The same for the same name.</summary>
internal static class PackageTexts
{
    private static readonly string[] s_words = ["value", "default", "option", "entry", "buffer", "length", "handle", "index", "table", "offset", "status", "flags", "config", "device", "driver", "context", "result", "source", "target", "version"];

    public static byte[] Make(string folder, string name, int size)
    {
        byte[] content = Find(folder, name, size);
        return content.Length == size ? content : Fit(content, size);
    }

    private static byte[] Find(string folder, string name, int size)
    {
        string extension = name[(name.LastIndexOf('.') + 1)..];
        bool isLibrary = name.Contains(".so.", StringComparison.Ordinal) || name.EndsWith(".so", StringComparison.Ordinal);
        return extension switch
        {
            _ when isLibrary => new Binary(name, size).Read(),
            "ko" or "o" or "mod" => new Binary(name, size).Read(),
            "zst" => Noise(name, size, [0x28, 0xb5, 0x2f, 0xfd, 0x84]),
            "gz" => StoredGzip.Of(Encoding.UTF8.GetBytes(Text(folder, name[..^3], Math.Max(0, size - StoredGzip.Overhead(size))))),
            "xz" => Noise(name, size, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
            "mo" => Noise(name, size, [0xde, 0x12, 0x04, 0x95]),
            "pyc" => Noise(name, size, [0xcb, 0x0d, 0x0d, 0x0a]),
            "png" => Noise(name, size, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
            "gif" => Noise(name, size, "GIF89a"u8),
            "jpg" or "jpeg" => Noise(name, size, [0xff, 0xd8, 0xff, 0xe0]),
            "woff2" => Noise(name, size, "wOF2"u8),
            "ttf" => Noise(name, size, [0, 1, 0, 0]),
            "gpg" => Noise(name, size, [0x99, 0x02, 0x0d, 0x04]),
            "bin" or "alias.bin" or "img" or "cache" or "mgc" or "db" or "gresource" or "typelib" or "sys" or "psf" => Noise(name, size, [0xb0, 0x07, 0xf4, 0x57]),
            _ when folder.StartsWith("/usr/share/zoneinfo", StringComparison.Ordinal) && !name.Contains('.', StringComparison.Ordinal) => Noise(name, size, "TZif2"u8),
            _ when folder.StartsWith("/usr/share/terminfo", StringComparison.Ordinal) || folder.StartsWith("/usr/lib/terminfo", StringComparison.Ordinal) => Noise(name, size, [0x1a, 0x01]),
            _ => Encoding.UTF8.GetBytes(Text(folder, name, size)),
        };
    }

    private static string Text(string folder, string name, int size)
    {
        string stem = name.Split('.')[0];
        string extension = name.Contains('.', StringComparison.Ordinal) ? name[(name.LastIndexOf('.') + 1)..] : "";
        StringBuilder text = new(size + 100);
        string package = folder[(folder.LastIndexOf('/') + 1)..];
        text.Append(extension switch
        {
            "h" => $"/* SPDX-License-Identifier: GPL-2.0 */\n#ifndef _{stem.ToUpperInvariant()}_H\n#define _{stem.ToUpperInvariant()}_H\n\n",
            "c" => "// SPDX-License-Identifier: GPL-2.0\n#include <linux/module.h>\n\n",
            "py" => $"\"\"\"{stem.TrimStart('_')}: part of {package}.\"\"\"\n\nimport os\nimport sys\n\n",
            "pm" or "pl" => $"package {stem};\n\nuse strict;\nuse warnings;\n\n",
            "php" => $"<?php\n/**\n * {stem}\n *\n * @package WordPress\n */\n\n",
            "js" => "( function() {\n\t'use strict';\n\n",
            "css" => "/*! This file is auto-generated */\n",
            "service" => $"[Unit]\nDescription={stem}\nAfter=network.target\n\n[Service]\nExecStart=/usr/sbin/{stem}\nRestart=on-failure\n\n[Install]\nWantedBy=multi-user.target\n",
            _ when folder.StartsWith("/usr/share/man/man", StringComparison.Ordinal) => $".TH {stem.ToUpperInvariant()} {extension}\n.SH NAME\n{stem} \\- manual page\n.SH DESCRIPTION\n",
            "list" or "md5sums" => "",
            _ when name is "copyright" => $"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: {package}\n\nFiles: *\nCopyright: the authors of {package}\nLicense: GPL-2+\n\n",
            _ when name.StartsWith("changelog", StringComparison.Ordinal) => $"{package} (1.0-1) noble; urgency=medium\n\n  * Rebuild for noble.\n\n -- Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>  Fri, 08 Mar 2024 09:12:44 +0000\n\n",
            _ when name is "Makefile" or "Kbuild" => "# SPDX-License-Identifier: GPL-2.0\n\n",
            _ when folder.StartsWith("/etc/init.d", StringComparison.Ordinal) => $"#!/bin/sh\n### BEGIN INIT INFO\n# Provides:          {stem}\n# Required-Start:    $remote_fs $syslog\n# Default-Start:     2 3 4 5\n### END INIT INFO\n\n",
            _ when folder.StartsWith("/etc", StringComparison.Ordinal) => $"# {name}: configuration of {package}\n#\n",
            _ => "",
        });
        Fill(text, extension, StableHash.Of(folder) ^ StableHash.Of(name), size);
        return text.Length > size ? text.ToString(0, size) : text.ToString();
    }

    private static void Fill(StringBuilder text, string extension, int seed, int size)
    {
        uint state = (uint)seed | 1;
        string Word() => s_words[(state = Next(state)) % (uint)s_words.Length];
        while (text.Length < size)
        {
            _ = extension switch
            {
                "h" => text.Append("#define ").Append(Word().ToUpperInvariant()).Append('_').Append(Word().ToUpperInvariant()).Append("\t0x").Append((state & 0xFFFF).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)).Append('\n'),
                "py" => text.Append("def ").Append(Word()).Append('_').Append(Word()).Append("(self, ").Append(Word()).Append("=None):\n    return ").Append(Word()).Append("\n\n"),
                "php" => text.Append("function wp_").Append(Word()).Append('_').Append(Word()).Append("( $").Append(Word()).Append(" ) {\n\treturn apply_filters( '").Append(Word()).Append("', '' );\n}\n\n"),
                "js" or "c" => text.Append("\tvar ").Append(Word()).Append(" = ").Append(Word()).Append('.').Append(Word()).Append(";\n"),
                "css" => text.Append('.').Append(Word()).Append('-').Append(Word()).Append("{margin:0;padding:").Append(state % 20).Append("px}\n"),
                ['1' or '2' or '3' or '4' or '5' or '6' or '7' or '8', ..] => text.Append("The ").Append(Word()).Append(" of the ").Append(Word()).Append(" sets the ").Append(Word()).Append(".\n"),
                _ => text.Append("# ").Append(Word()).Append(' ').Append(Word()).Append(' ').Append(Word()).Append('\n'),
            };
        }
    }

    private static uint Next(uint state)
    {
        state ^= state << 13;
        state ^= state >> 17;
        return state ^ (state << 5);
    }

    // Its end is that of a line.
    private static byte[] Fit(byte[] content, int size)
    {
        int before = content.Length;
        Array.Resize(ref content, size);
        if (size > before)
        {
            content.AsSpan(before).Fill((byte)'\n');
        }

        return content;
    }

    private static byte[] Noise(string name, int size, ReadOnlySpan<byte> head)
    {
        byte[] content = new byte[size];
        uint state = (uint)StableHash.Of(name) | 1;
        for (int i = 0; i + sizeof(uint) <= size; i += sizeof(uint))
        {
            state = Next(state);
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(i), state);
        }

        head[..Math.Min(head.Length, size)].CopyTo(content);
        return content;
    }
}
