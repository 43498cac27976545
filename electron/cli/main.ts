process.stdout.write('isinglass\n');
