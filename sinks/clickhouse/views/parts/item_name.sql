counted.item AS item, if(names.name = '', replaceAll(counted.item, '_', ' '), names.name) AS name,
    if({of:String} = 'category', transform(counted.item, groups.1, groups.2, ''), toString(names.kind)) AS kind
